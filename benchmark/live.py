"""Questions while events come in, beside the same questions of what is folded."""
import json
import subprocess

import questions
import report

ASKED = ("q3", "did_not", "sequence_within")
SECONDS = 20
SECONDS_QUICK = 8


def measure(output, given, data):
    rules = {name: rule for name, _, rule in questions.lines_of("questions.tsv") if name in ASKED}
    seconds = SECONDS_QUICK if given.quick else SECONDS
    done = subprocess.run(
        [given.program, "live", data, "--events", str(given.events), "--seconds", str(seconds)],
        check=True, stdout=subprocess.PIPE, text=True, input="\n".join(rules.values()) + "\n")
    told = json.loads(done.stdout)
    rows = []
    for name, one in zip(rules, told["rules"]):
        rows.append([name, report.seconds(one["folded_cpu"]), report.seconds(one["live_cpu"]),
                     report.seconds(one["live_cpu_max"]), f"{one['changed'] * 100:.1f} %",
                     f"{one['live_cpu'] / one['folded_cpu']:.1f}×"])
    output.table("Questions while events come in",
                 ["question", "CPU, all folded", "CPU, median", "most",
                  "persons asked by history", "median ÷ folded"], rows,
                 [f"{report.rate(told['rate'])} for {seconds} s into the log; "
                  f"{told['unfolded']:,.0f} events not yet folded on average. CPU of the thread "
                  "that asks. Answers are the same before and after folding."])
