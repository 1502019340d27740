"""What the figures were measured on, and where they are written."""
import datetime
import os
import platform
import re
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PAGE = "docs/bench.md"
READMES = ("README.md", "README.zh-CN.md")


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


def facts(given, versions, minutes):
    compiler = subprocess.run(["g++", "-dumpfullversion"], check=False, stdout=subprocess.PIPE,
                              text=True).stdout.strip()
    others = ", ".join(f"{name} {version}" for name, version in versions.items()) or "none"
    return (f"Measured {datetime.date.today().isoformat()} with {given.events:,} events of "
            f"{given.events // 100:,} customers in {minutes:.0f} minutes: {os.cpu_count()} cores "
            f"({processor()}), {memory_gib():.0f} GiB, Linux {platform.release()}; Siyu at commit "
            f"{commit()}, g++ {compiler} -O2; peers: {others}.")


def page(measured, tables):
    return ("# Measured\n\nWritten by `./bench --write`; not edited by hand. What is measured and "
            "how stands in [benchmark/README.md](../benchmark/README.md).\n\n"
            f"{measured}\n\n{tables}")


def write_docs(text):
    with open(os.path.join(ROOT, PAGE), "w", encoding="utf-8") as file:
        file.write(text)
