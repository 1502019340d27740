"""The ledger, its timers and the outbox: one product sold by 64 clients beside Redis (a Lua script
takes one from a counter and pushes the order, AOF always) and PostgreSQL (one row updated by 64
connections), in turns; both are started privately and left out where they are not there."""
import csv
import json
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

import report

CLIENTS = 64
SALE = ("if redis.call('decr', KEYS[1]) >= 0 then redis.call('rpush', KEYS[2], ARGV[1]) "
        "return 1 else return 0 end")
BINARIES = "/usr/lib/postgresql/15/bin"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def redis(folder, seconds):
    if not shutil.which("redis-server"):
        return None
    port = str(free_port())
    server = subprocess.Popen(
        ["redis-server", "--port", port, "--dir", folder, "--appendonly", "yes",
         "--appendfsync", "always", "--save", ""], stdout=subprocess.DEVNULL)
    try:
        ask = ["redis-cli", "-p", port]
        while subprocess.run(ask + ["ping"], capture_output=True, check=False).returncode != 0:
            time.sleep(0.05)
        subprocess.run(ask + ["set", "stock", "1000000000"], check=True, capture_output=True)
        done = subprocess.run(
            ["redis-benchmark", "-p", port, "-c", str(CLIENTS), "-n", str(20_000 * seconds),
             "--csv", "eval", SALE, "2", "stock", "orders", "order"],
            check=True, capture_output=True, text=True).stdout
        return float(next(csv.reader([done.splitlines()[-1]]))[1])
    finally:
        server.terminate()
        server.wait()


class Postgresql:
    """A private cluster, as user postgres where this is run by root."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "cluster")
        self.port = str(free_port())
        os.chmod(folder, 0o755)
        os.mkdir(self.folder)
        self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] \
            if os.getuid() == 0 else []
        if self.as_user:
            shutil.chown(self.folder, "postgres", "postgres")
        self.run("initdb", "-D", self.folder, "-A", "trust", "-U", "postgres")
        self.run("pg_ctl", "-D", self.folder, "-w", "-o",
                 f"-p {self.port} -k /tmp -c listen_addresses=127.0.0.1 -c max_connections=200",
                 "-l", os.path.join(self.folder, "log"), "start")

    def run(self, program, *words):
        return subprocess.run(self.as_user + [os.path.join(BINARIES, program), *words],
                              check=True, capture_output=True, text=True, cwd="/").stdout

    def url(self, database):
        self.run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", database)
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def one_row(self, folder, seconds):
        script = os.path.join(folder, "sale.sql")
        with open(script, "w", encoding="utf-8") as file:
            file.write("update stock set count = count - 1 where id = 1 and count > 0;\n")
        os.chmod(script, 0o644)
        where = ["-h", "127.0.0.1", "-p", self.port, "-U", "postgres"]
        self.run("psql", *where, "-c", "drop table if exists stock", "-c",
                 "create table stock (id int primary key, count bigint not null)", "-c",
                 "insert into stock values (1, 1000000000)", "postgres")
        told = self.run("pgbench", *where, "-n", "-f", script, "-c", str(CLIENTS), "-j", "2",
                        "-T", str(seconds), "postgres")
        return float(next(line for line in told.splitlines() if line.startswith("tps")).split()[2])

    def stop(self):
        self.run("pg_ctl", "-D", self.folder, "-m", "immediate", "stop")


def siyu(program, place, seconds):
    told = subprocess.run([program, "counting", place, "--seconds", str(seconds)], check=True,
                          capture_output=True, text=True).stdout
    return json.loads(told)


ROUNDS = 3
SECONDS = 5


def rounds(program):
    found = {"redis": [], "one_row": [], "sqlite": [], "postgresql": []}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            cluster = Postgresql(folder) if os.path.exists(BINARIES) else None
            try:
                found["redis"].append(redis(folder, SECONDS))
                found["sqlite"].append(siyu(program, os.path.join(folder, "siyu"), SECONDS))
                if cluster:
                    found["one_row"].append(cluster.one_row(folder, SECONDS))
                    found["postgresql"].append(siyu(program, cluster.url("siyu"), SECONDS))
            finally:
                if cluster:
                    cluster.stop()
    return {name: [each for each in all_of if each is not None] for name, all_of in found.items()}


def median_of(found, name, figure=None):
    values = [each[figure] if figure else each for each in found[name]]
    return statistics.median(values) if values else None


def measure(output, program):
    """A table of the medians of the rounds, each with its aim."""
    found = rounds(program)
    every = found["sqlite"] + found["postgresql"]
    if not all(each["balanced"] for each in every):
        raise OSError("the books of the ledger do not balance")
    own, theirs = (lambda figure, of="sqlite": median_of(found, of, figure)), {
        name: median_of(found, name) for name in ("redis", "one_row")}
    rows = [
        ["transfers, 64 clients in process", "SQLite", report.rate(own("spread")),
         report.aim(own("spread"), 20_000, report.rate, at_least=True)],
        ["the same, all from one account", "SQLite", report.rate(own("hot")),
         report.aim(own("hot"), own("spread") / 2, report.rate, at_least=True)],
        ["1,000,000 timers due in one minute", "SQLite", report.seconds(own("timers_seconds")),
         report.aim(own("timers_seconds"), 60, report.seconds)],
        ["sends to a local receiver, each once", "SQLite", report.rate(own("sends")),
         report.aim(own("sends"), 5_000, report.rate, at_least=True)]]
    if theirs["redis"]:
        rows += [["one product: a Lua script", "Redis, AOF always", report.rate(theirs["redis"]),
                  "–"],
                 ["one product: a bundle of the ledger", "SQLite", report.rate(own("sale")),
                  report.aim(own("sale"), 0.7 * theirs["redis"], report.rate, at_least=True)]]
    if theirs["one_row"]:
        on = "PostgreSQL"
        rows += [
            ["one product: one row updated", on, report.rate(theirs["one_row"]), "–"],
            ["one product: a bundle of the ledger", on, report.rate(own("sale", "postgresql")),
             report.aim(own("sale", "postgresql"), 5 * theirs["one_row"], report.rate,
                        at_least=True)],
            ["transfers, all from one account", on, report.rate(own("hot", "postgresql")), "–"],
            ["transfers, 64 clients in process", on, report.rate(own("spread", "postgresql")), "–"],
            ["1,000,000 timers due in one minute", on,
             report.seconds(own("timers_seconds", "postgresql")), "–"],
            ["sends to a local receiver, each once", on, report.rate(own("sends", "postgresql")),
             "–"]]
    output.table("What is counted, and what goes out", ["what", "where", "figure", "aim"], rows,
                 [f"Medians of {ROUNDS} rounds of {SECONDS} s, taken in turns; durable before the "
                  "answer. The books balance after every round."])
