"""What the figures were measured on, and where they are written."""
import datetime
import os
import platform
import re
import subprocess

import report

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..")
PAGE, PAGE_QUICK = "docs/bench.md", "docs/bench_quick.md"
PAGE_COUNTING = "docs/bench_counting.md"
# The column of headlines.tsv each is written in.
READMES = (("README.md", 2, "what|figure"), ("README.zh-CN.md", 1, "|"))


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*: (.*)", file.read())
    return found.group(1) if found else platform.machine()


def memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def commit():
    done = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], check=False,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout.strip() or "unknown"


def facts_of(what, versions, seconds):
    compiler = subprocess.run(["g++", "-dumpfullversion"], check=False, stdout=subprocess.PIPE,
                              text=True).stdout.strip()
    others = ", ".join(f"{name} {version}" for name, version in versions.items()) or "none"
    return (f"Measured {datetime.date.today().isoformat()}: {what} in {seconds / 60:.0f} minutes: "
            f"{os.cpu_count()} cores ({processor()}), {memory_gib():.0f} GiB, Linux "
            f"{platform.release()}; Siyu at commit {commit()}, g++ {compiler} -O2; peers: "
            f"{others}.")


def facts(given, versions, minutes):
    return facts_of(f"{given.events:,} events of {given.events // 100:,} customers", versions,
                    minutes * 60)


def page(measured, tables):
    return ("# Measured\n\nWritten by `./bench --write`; not edited by hand. What is measured and "
            "how stands in [benchmark/README.md](../benchmark/README.md).\n\n"
            f"{measured}\n\n{tables}")


def headline_table(heads, column, headlines):
    with open(os.path.join(HERE, "headlines.tsv"), encoding="utf-8") as file:
        words = [line.rstrip("\n").split("\t") for line in file]
    rows = [(texts[column], headlines[texts[0]]) for texts in words if texts[0] in headlines]
    return "\n".join(report.row_of(row) for row in [heads, ("---", "---"), *rows])


def write_page(name, text):
    with open(os.path.join(ROOT, name), "w", encoding="utf-8") as file:
        file.write(text)


def write_docs(text, headlines, is_quick):
    write_page(PAGE_QUICK if is_quick else PAGE, text)
    if is_quick:
        return
    for name, column, heads in READMES:
        path = os.path.join(ROOT, name)
        with open(path, encoding="utf-8") as file:
            page_text = file.read()
        table = headline_table(heads.split("|"), column, headlines)
        inside = "<!-- bench -->\n" + table.replace("\\", "\\\\") + "\n<!-- /bench -->"
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub("<!-- bench -->.*<!-- /bench -->", inside, page_text, flags=re.S))
