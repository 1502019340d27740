"""Siyu by itself: durable input, memory and its parts, the snapshot, one customer's rule."""
import json
import os
import shutil
import subprocess

import report

RULE_Q3 = "did order_paid >= 2 times in last 30d and did not app_opened in last 7d and tag \"VIP\""
RULE_ONE = ("did order_paid >= 2 times in last 90d and did product_viewed distinct(sku) >= 5 "
            "in last 30d and did not cart_added in last 1d")
PLAIN_EVENTS_MAX = 2_000_000
IMPORT_EVENTS_MAX = 2_000_000  # fewer, and making the folder is what is measured
GB = 1e9


def call(program, command, *places, events):
    done = subprocess.run([program, command, *places, "--events", str(events)], check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def input_rows(given, loaded, folder):
    """(what, rows a second, beside plain SQLite)."""
    plain_events = min(given.events, PLAIN_EVENTS_MAX)
    plain = call(given.program, "plain", folder, events=plain_events)
    plain_rate = plain["rows"] / plain["seconds"]
    append_rate = loaded["events"] / loaded["events_seconds"]
    import_rate = csv_import(given, folder)
    rows = [["plain SQLite table, 10,000 a transaction", report.rate(plain_rate), "1", "–"]]
    for what, figure, bound in (
            ("Log::append, 10,000 a unit", append_rate, None),
            ("siyu import events (CSV, new customers too)", import_rate, 0.5)):
        share = figure / plain_rate
        verdict = report.aim(share, bound, "{:.2f} of plain".format, True) if bound else "–"
        rows.append([what, report.rate(figure), f"{share:.2f}", verdict])
    people = loaded["customers"] / loaded["customers_seconds"]
    changes = loaded["changes"] / loaded["customers_seconds"]
    rows.append(["customers with attributes, tags, consents", report.rate(people),
                 f"{report.rate(changes)} changes", "–"])
    return rows


def csv_import(given, folder):
    events = min(given.events, IMPORT_EVENTS_MAX)
    path = os.path.join(folder, "events.csv")
    data = os.path.join(folder, "import")
    call(given.program, "file", path, events=events)
    shutil.rmtree(data, ignore_errors=True)
    clock = os.times()
    done = subprocess.run([given.siyu, "import", "events", path, "--data", data, "--json"],
                          check=True, stdout=subprocess.PIPE, text=True)
    seconds = os.times().elapsed - clock.elapsed
    written = json.loads(done.stdout.strip().splitlines()[-1])
    if str(events) not in json.dumps(written):
        raise OSError(f"siyu import wrote something else: {done.stdout[:300]}")
    shutil.rmtree(data)
    return events / seconds


def report_input(output, given, loaded, folder):
    sync = [call(given.program, "sync", folder, events=given.events)["fdatasync_ms"]]
    rows = input_rows(given, loaded, folder)
    sync.append(call(given.program, "sync", folder, events=given.events)["fdatasync_ms"])
    notes = [f"Raw fdatasync before and after: {sync[0]:.2f} and {sync[1]:.2f} ms."
             + ("" if max(sync) < 1 else " **Above 1 ms: the machine was busy, do not compare.**")]
    output.headlines["import"] = f"{rows[2][1]}; {rows[2][2]} × SQLite"
    output.table("Durable input", ["what", "rows", "beside plain SQLite", "aim"], rows, notes)


def report_machine(output, given):
    read = call(given.program, "read", events=given.events)
    output.table("The machine by itself", ["what", "figure"],
                 [["memory read in order by one thread", report.rate_of_bytes(read["one"])],
                  ["the same by two threads", report.rate_of_bytes(read["two"])]])


def measure(output, siyu, words, given):
    report_machine(output, given)
    made = siyu.ask(state=True)
    full = given.events / 100e6
    report_bytes(output, made, full)
    kept = siyu.ask(snapshot=True)
    rows = [[f"from the {made['opened_from']}", report.seconds(made["opened_seconds"]),
             f"{report.seconds(made['opened_cpu_seconds'])} of CPU"],
            ["the rest folded", report.seconds(made["folded_seconds"]), "–"],
            ["snapshot written", report.seconds(kept["written_seconds"]),
             report.size(kept["bytes"])],
            ["from the snapshot", report.seconds(kept["opened_seconds"]),
             report.aim(kept["opened_seconds"], 3 * full, report.seconds)]]
    output.headlines["start"] = report.seconds(kept["opened_seconds"])
    output.table("Start", ["what", "time", "aim (3 s at 100 M events) or size"], rows)
    rows = []
    for rule in (RULE_Q3, RULE_ONE):
        one = siyu.ask(rule=rule, at=words["now"], events=1000)
        rows.append([f"`{rule}`", f"{one['evaluated_us']:.1f} µs",
                     report.aim(one["evaluated_us"], 20, "{:.0f} µs".format),
                     f"{one['explained_us']:.1f} µs",
                     report.aim(one["explained_us"], 100, "{:.0f} µs".format)])
    output.headlines["customer"] = f"{rows[0][1]}, {rows[0][3]}"
    output.table(f"One customer of {one['events']:,} events",
                 ["rule", "evaluated", "aim", "explained", "aim"], rows,
                 ["CPU time, the history opened from its block each time."])


def report_bytes(output, made, full):
    # Of the events that the bench makes and those that tell changes of customers; the aim for the
    # whole is of those it makes alone.
    events = made["events"]
    rows = []
    for part, words in (("order", "time, name, order"), ("properties", "properties"),
                        ("side", "side structures"), ("histories", "histories"),
                        ("rows", "persons"), ("deltas", "not yet folded"),
                        ("customers", "finding customers"), ("positions", "positions of the log"),
                        ("keys", "keys of events, of the window")):
        value = made["bytes"][part]
        verdict = report.aim(value / events, 8, "{:.1f} B an event".format) \
            if part == "order" else "–"
        rows.append([words, report.size(value), f"{value / events:.2f}",
                     f"{value / made['persons']:.0f}", verdict])
    output.headlines["order"] = f"{made['bytes']['order'] / events:.1f} B"
    resident = made["resident_bytes"]
    rows.append(["whole process, resident", report.size(resident), f"{resident / events:.2f}",
                 f"{resident / made['persons']:.0f}",
                 report.aim(resident, 2.5 * GB * full, report.size)])
    rows.append([f"at most, while it was opened from the {made['opened_from']}",
                 report.size(made["resident_bytes_max"]), "", "", "–"])
    output.table(f"Memory of {events:,} events of {made['persons']:,} persons",
                 ["part", "bytes", "an event", "a person", "aim"], rows)
