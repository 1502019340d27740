#!/usr/bin/env python3
"""Siyu beside its peers: the same work, the same questions, the same answers; started by ./bench.

    benchmark/run.py --program siyu_bench --siyu siyu --modules node_modules [--quick] …
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time

import counting
import live
import machine
import memory
import peers
import questions
import report
import traffic

QUICK_EVENTS = 10_000_000
FULL_EVENTS = 100_000_000
ALL_PEERS = ("chdb", "duckdb", "clickhouse", "postgresql")


def arguments():
    parser = argparse.ArgumentParser(prog="./bench", description=(
        "Measures Siyu beside its peers; every answer is compared, a difference is a failure."))
    parser.add_argument("--quick", action="store_true",
                        help="10 million events, chDB as the only peer, under three minutes")
    parser.add_argument("--counting", action="store_true",
                        help="the ledger, its timers and the outbox alone, beside Redis and "
                             "PostgreSQL, in three minutes")
    parser.add_argument("--value", action="store_true",
                        help="the value of a million customers alone, in a minute")
    parser.add_argument("--events", type=int, help="how many events (at least 12,000)")
    parser.add_argument("--peers", help="which of: " + ", ".join(ALL_PEERS))
    parser.add_argument("--data", default="build/bench", help="folder for all that is made")
    parser.add_argument("--keep", action="store_true",
                        help="keeps what is loaded, and takes what an earlier run has kept")
    parser.add_argument("--write", action="store_true",
                        help="writes the figures into docs/bench.md and the READMEs (--quick: into "
                             "docs/bench_quick.md, --counting: into docs/bench_counting.md)")
    parser.add_argument("--parts", default="input,questions,memory,live,http",
                        help="only some parts")
    for name in ("program", "siyu", "modules"):
        parser.add_argument("--" + name, required=True, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.events = given.events or (QUICK_EVENTS if given.quick else FULL_EVENTS)
    wanted = given.peers or ("chdb" if given.quick else ",".join(ALL_PEERS))
    given.peers = [name for name in wanted.split(",") if name]
    given.parts = given.parts.split(",")
    return given


def say(text):
    print(f"\n== {text}", flush=True)


class Bench:
    def __init__(self, given):
        self.given = given
        self.report = report.Report()
        self.folder = os.path.join(os.path.abspath(given.data), str(given.events))
        self.tables = os.path.join(self.folder, "tables")
        self.siyu_data = os.path.join(self.folder, "siyu")
        if not given.keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, exist_ok=True)
        self.words = questions.words_of(self.program("words"))
        self.versions = {}

    def program(self, command, *places):
        return memory.call(self.given.program, command, *places, events=self.given.events)

    def run(self):
        started = time.monotonic()
        if not os.path.exists(self.tables):
            say(f"making {self.given.events:,} events")
            os.makedirs(self.tables + ".new")
            self.program("tables", self.tables + ".new")
            os.rename(self.tables + ".new", self.tables)
        self.load()
        siyu = peers.LineProcess([self.given.program, "ask", self.siyu_data, "--events",
                                  str(self.given.events)])
        try:
            self.prepare(siyu)
            if "memory" in self.given.parts:
                memory.measure(self.report, siyu, self.words, self.given)
            if "questions" in self.given.parts:
                self.ask_all(siyu)
        finally:
            siyu.close()
        if not self.given.keep:
            shutil.rmtree(self.tables)
        if "live" in self.given.parts:
            say("asking Siyu while events come in")
            live.measure(self.report, self.given, self.siyu_data)
        if "http" in self.given.parts:
            traffic.measure(self.report, self.given, self.siyu_data, self.folder)
        minutes = (time.monotonic() - started) / 60
        self.finish(minutes)

    def load(self):
        kept = os.path.join(self.folder, "loaded.json")
        if os.path.exists(kept):
            with open(kept, encoding="utf-8") as file:
                figures = json.load(file)
        else:
            say("loading Siyu: customers and events through its log into SQLite")
            shutil.rmtree(self.siyu_data, ignore_errors=True)
            figures = self.program("load", self.siyu_data)
            with open(kept, "w", encoding="utf-8") as file:
                json.dump(figures, file)
        if "input" in self.given.parts:
            memory.report_input(self.report, self.given, figures, self.folder)

    def prepare(self, siyu):
        say("memory columns from the log")
        for name, rule in questions.lines_of("audiences.tsv"):
            siyu.ask(save=name, rule=rule)

    def ask_all(self, siyu):
        found = {}
        for peer in peers.open_peers(self.given.peers, self.given.modules, self.folder):
            self.versions[peer.name] = peer.version
            if not peer.loaded():
                say(f"loading {peer.name} {peer.version}")
                peer.load(self.tables, self.words)
                peer.mark_loaded()
            say(f"asking Siyu and {peer.name} in turn")
            interview = questions.Interview(siyu, self.words, self.folder)
            for question, at, rule in questions.lines_of("questions.tsv"):
                count, figures = interview.run(peer, question, rule, at)
                found.setdefault(question, {"rule": rule, "at": at, "count": count,
                                            "peers": {}})["peers"][peer.name] = figures
            peer.close()
            if not self.given.keep:
                shutil.rmtree(peer.folder)
            self.report_peer(peer, found)

    def report_peer(self, peer, found):
        layouts = list(peer.layouts)
        rows = []
        for question, entry in found.items():
            figures = entry["peers"][peer.name]
            own = figures["1"]
            theirs = [figures[layout] for layout in layouts]
            best = min((known["cpu"] for known in theirs if known), default=None)
            rows.append([question, f"{entry['count']:,}",
                         *[report.seconds(figures[threads][figure]) for threads in ("1", "2")
                           for figure in ("cpu", "wall")],
                         *[cell for known in theirs for cell in (
                             (report.seconds(known["cpu"]), report.seconds(known["wall"]))
                             if known else ("cannot say", "–"))],
                         *[report.ratio(known and known["cpu"], own["cpu"]) for known in theirs],
                         report.ratio(best and min(k["wall"] for k in theirs if k),
                                      figures["2"]["wall"])])
        heads = ["question", "customers",
                 "Siyu CPU, 1 thread", "wall", "Siyu CPU, 2 threads", "wall",
                 *[word for layout in layouts for word in (f"{layout} CPU", "wall")],
                 *[f"CPU: {layout} ÷ Siyu" for layout in layouts], "wall: best ÷ Siyu"]
        self.headline(peer, found)
        self.report.table(f"Questions beside {peer.name} {peer.version}", heads, rows)

    def headline(self, peer, found):
        if peer.name != "chDB":
            return
        times = {question: {layout: entry["peers"]["chDB"][layout]["cpu"] /
                            entry["peers"]["chDB"]["1"]["cpu"] for layout in peer.layouts}
                 for question, entry in found.items()}
        rules = sorted(min(layouts.values()) for question, layouts in times.items()
                       if question != "q3")
        by_customer, by_name = (f"{times['q3'][layout]:.1f}×" for layout in peer.layouts)
        self.report.headlines.update(q3=by_customer, q3_by_name=by_name,
                                     rules=f"{rules[0]:.1f}× – {rules[-1]:.1f}×")

    def finish(self, minutes):
        facts = machine.facts(self.given, self.versions, minutes)
        text = machine.page(facts, self.report.markdown())
        path = os.path.join(self.folder, "results.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        print(f"\n{facts}\n\n{path}", flush=True)
        if self.given.write:
            machine.write_docs(text, self.report.headlines, self.given.quick)


def measure_counting(given):
    started = time.monotonic()
    output = report.Report()
    counting.measure(output, given.program)
    facts = machine.facts_of("the ledger, timers and the outbox",
                             {"Redis": "7", "PostgreSQL": "15"}, time.monotonic() - started)
    print(f"\n{facts}", flush=True)
    if given.write:
        machine.write_page(machine.PAGE_COUNTING, machine.page(facts, output.markdown()))


def measure_value(given):
    """BG/NBD, MBG/NBD and Gamma-Gamma of a million customers; the aim: 20 s."""
    done = subprocess.run([given.program, "value"], check=True, capture_output=True, text=True)
    print(done.stdout, flush=True)


def main():
    try:
        given = arguments()
        if given.counting:
            measure_counting(given)
        elif given.value:
            measure_value(given)
        else:
            Bench(given).run()
    except questions.Difference as difference:
        print(f"error: {difference}", file=sys.stderr)
        return 1
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
