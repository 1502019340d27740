"""The peers of ./bench: each with the best layout and query known for it.

A peer starts in a folder of its own, loads the tables that `siyu_bench tables` made, and answers
questions by writing the customers' numbers, sorted, 32 bits each, into a file. CPU seconds are
those of the whole peer: all its threads, and its server's processes where it has a server.
"""
import array
import glob
import http.client
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = ("event", "customer", "level", "vip", "marketing")
START_SECONDS_MAX = 60
QUERY_SECONDS_MAX = 1800


class Unable(Exception):
    """The peer cannot say this question, or cannot be had here."""


def blocks_of(name):
    """Block name -> SQL, of a file of `-- name:` blocks."""
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        parts = re.split(r"^-- name: (\w+)\n", file.read(), flags=re.M)[1:]
    return {name: re.sub(r"^--.*\n?", "", sql, flags=re.M).strip()
            for name, sql in zip(parts[::2], parts[1::2])}


def filled(sql, words):
    return re.sub(r"\$(\w+)", lambda found: str(words[found.group(1)]), sql)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(ready, process, what):
    deadline = time.monotonic() + START_SECONDS_MAX
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Unable(f"{what} does not start")
        time.sleep(0.1)


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(where, name))
               for where, _, names in os.walk(folder) for name in names)


class LineProcess:
    """A program that answers one JSON object a line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args[0]} ended, status {self.process.wait()}")
        reply = json.loads(line)
        if "error" in reply:
            raise Unable(reply["error"])
        return reply

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


class Peer:
    """What they have in common. `folder` is theirs alone."""

    def __init__(self, folder):
        self.folder = folder
        self.marker = os.path.join(folder, "loaded")
        if not self.loaded():
            shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder, exist_ok=True)

    def loaded(self):
        return os.path.exists(self.marker)

    def mark_loaded(self):
        with open(self.marker, "w", encoding="utf-8"):
            pass


class Chdb(Peer):
    """ClickHouse inside a process."""
    name = "chDB"
    # What stands for $event: by customer and time, as one keeps histories; by name, customer and
    # time, which answers rules faster.
    layouts = {"chDB": "event", "chDB by name": "event_by_name"}

    def __init__(self, library, folder):
        super().__init__(folder)
        self.sql = blocks_of("clickhouse.sql")
        self.lines = LineProcess([sys.executable, os.path.join(HERE, "embedded.py"), "chdb",
                                  library, folder])
        self.version = self.run("select version()")

    def run(self, sql):
        return self.lines.ask(sql=sql)["text"]

    def load(self, tables, _words):
        for table in TABLES:
            self.run(self.sql["create_" + table])
            columns = columns_of(self.sql["create_" + table])
            source = os.path.join(tables, file_of(table))
            self.run(f"insert into {table} select * from file('{source}', 'CSV', '{columns}')")
            self.run(f"optimize table {table} final")
        self.run(self.sql["create_event_by_name"])
        self.run("insert into event_by_name select * from event")
        self.run("optimize table event_by_name final")

    def ask(self, question, layout, words, answer):
        sql = filled(self.sql[question], {**words, "event": self.layouts[layout]})
        return self.lines.ask(sql=sql, answer=answer)

    def close(self):
        self.lines.close()


class Duckdb(Peer):
    name = "DuckDB"
    layouts = {"DuckDB": "event"}

    def __init__(self, library, folder):
        super().__init__(folder)
        self.sql = blocks_of("standard.sql")
        self.lines = LineProcess([sys.executable, os.path.join(HERE, "embedded.py"), "duckdb",
                                  library, folder])
        self.version = self.run("select version()")
        self.run("set threads = 2")
        self.run("set memory_limit = '8GB'")

    def run(self, sql):
        return self.lines.ask(sql=sql)["text"]

    def load(self, tables, _words):
        for table in TABLES:
            own = "create_" + table + "_duckdb"
            create = self.sql.get(own) or self.sql["create_" + table]
            self.run(create)
            columns = ", ".join(f"'{name}': '{form}'" for name, form in
                                (column.split() for column in columns_of(create).split(", ")))
            order = "" if table != "event" else (
                " order by name, (time - 1767196800000) // 2592000000, customer, time")
            self.run(f"insert into {table} select * from read_csv('{tables}/{file_of(table)}', "
                     f"header = false, columns = {{{columns}}}){order}")
        self.run("checkpoint")

    def ask(self, question, layout, words, answer):
        sql = self.sql.get(question + "_duckdb") or self.sql[question]
        return self.lines.ask(sql=filled(sql, words), answer=answer)

    def close(self):
        self.lines.close()


class ClickhouseServer(Peer):
    """Debian's ClickHouse server, a process of its own on a port of its own."""
    name = "ClickHouse server"
    layouts = {"ClickHouse server": "event", "ClickHouse server by name": "event_by_name"}

    def __init__(self, program, folder):
        super().__init__(folder)
        self.sql = blocks_of("clickhouse.sql")
        self.port = free_port()
        config = os.path.join(folder, "config.xml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CLICKHOUSE_CONFIG.format(folder=folder, port=self.port, tcp=free_port()))
        with open(os.path.join(folder, "out.log"), "wb") as log:
            self.process = subprocess.Popen([program, f"--config-file={config}"], stdout=log,
                                            stderr=log, cwd=folder)
        wait_for(self.answers, self.process, self.name)
        self.version = self.run("select version()").decode().strip()

    def answers(self):
        try:
            return self.run("select 1") == b"1\n"
        except OSError:
            return False

    def run(self, sql, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=QUERY_SECONDS_MAX)
        connection.request("POST", "/?query=" + urllib.parse.quote(sql), body)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        if response.status != 200:
            raise Unable(data.decode(errors="replace").strip()[:500])
        return data

    def load(self, tables, _words):
        for table in TABLES:
            self.run(self.sql["create_" + table])
            with open(os.path.join(tables, file_of(table)), "rb") as file:
                self.run(f"insert into {table} format CSV", file)
            self.run(f"optimize table {table} final")
        self.run(self.sql["create_event_by_name"])
        self.run("insert into event_by_name select * from event")
        self.run("optimize table event_by_name final")

    def cpu(self):
        # The clock of another process; see clock_getcpuclockid(3).
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def ask(self, question, layout, words, answer):
        sql = self.sql.get(question + "_server") or self.sql[question]
        sql = filled(sql, {**words, "event": self.layouts[layout]})
        cpu, wall = self.cpu(), time.perf_counter()
        data = self.run(sql + " format RowBinary")
        reply = {"wall": time.perf_counter() - wall, "cpu": self.cpu() - cpu}
        return {**reply, "count": write_answer(array.array("I", data), answer)}

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Postgresql(Peer):
    name = "PostgreSQL"
    layouts = {"PostgreSQL": "event"}
    months = 6

    def __init__(self, programs, folder):
        super().__init__(folder)
        self.sql = blocks_of("standard.sql")
        self.programs = programs
        self.port = free_port()
        self.as_user = {}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self.as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = os.path.join(folder, "data")
        if not os.path.exists(data):
            self.call("initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-locale",
                      "-E", "UTF8", "--no-sync")
        settings = ("shared_buffers=4GB", "work_mem=1GB", "maintenance_work_mem=1GB", "fsync=off",
                    "max_parallel_workers_per_gather=2", "parallel_setup_cost=100",
                    "autovacuum=off", "enable_partitionwise_aggregate=on", "jit=off",
                    "max_wal_size=8GB", "listen_addresses=127.0.0.1",
                    f"unix_socket_directories={folder}", f"port={self.port}")
        words = [word for setting in settings for word in ("-c", setting)]
        with open(os.path.join(folder, "out.log"), "wb") as log:
            self.process = subprocess.Popen(
                [os.path.join(programs, "postgres"), "-D", data, *words], stdout=log, stderr=log,
                cwd=folder, **self.as_user)
        wait_for(self.answers, self.process, self.name)
        self.version = self.run("show server_version").split()[0]

    def call(self, program, *words):
        subprocess.run([os.path.join(self.programs, program), *words], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL, **self.as_user)

    def answers(self):
        try:
            return self.run("select 1").strip() == "1"
        except Unable:
            return False

    def run(self, sql, source=None):
        done = subprocess.run(
            [os.path.join(self.programs, "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U",
             "bench", "-d", "postgres", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql],
            stdin=source or subprocess.DEVNULL, capture_output=True, text=True, check=False,
            cwd=self.folder)
        if done.returncode != 0:
            raise Unable(done.stderr.strip()[:500])
        return done.stdout

    def partitions(self, words):
        for name in words["names"]:
            number = words[name]
            yield (f"create unlogged table event_{number} partition of event "
                   f"for values in ({number}) partition by range (time)")
            for month in range(self.months):
                begin = words["ago_180d"] + month * 30 * 86_400_000
                yield (f"create unlogged table event_{number}_{month} partition of event_{number} "
                       f"for values from ({begin}) to ({begin + 30 * 86_400_000})")

    def load(self, tables, words):
        for table in TABLES:
            own = "create_" + table + "_postgresql"
            self.run(self.sql.get(own) or self.sql["create_" + table])
            columns = ""
            if table == "event":
                self.run("; ".join(self.partitions(words)))
                columns = " (customer, time, name, channel, sku, amount)"
            with open(os.path.join(tables, file_of(table)), "rb") as file:
                self.run(f"copy {table}{columns} from stdin (format csv)", file)
        self.run("create index on level (customer, since)")
        self.run("vacuum analyze")

    # Of the server and of whatever it has started, running or not.
    def cpu(self):
        ticks = sum(stat_ticks(self.process.pid, (11, 12, 13, 14)))
        for stat in glob.glob("/proc/[0-9]*/stat"):
            try:
                with open(stat, encoding="utf-8", errors="replace") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def ask(self, question, layout, words, answer):
        sql = self.sql.get(question + "_postgresql") or self.sql[question]
        cpu, wall = self.cpu(), time.perf_counter()
        text = self.run(filled(sql, words))
        reply = {"wall": time.perf_counter() - wall, "cpu": self.cpu() - cpu}
        return {**reply, "count": write_answer(array.array("I", map(int, text.split())), answer)}

    def close(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def stat_ticks(pid, fields):
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        values = file.read().rsplit(")", 1)[1].split()
    return [int(values[field]) for field in fields]


def write_answer(numbers, path):
    with open(path, "wb") as file:
        array.array("I", sorted(numbers)).tofile(file)
    return len(numbers)


def file_of(table):
    names = {"event": "events", "customer": "customers", "level": "levels"}
    return names.get(table, table) + ".csv"


def columns_of(create):
    """"customer UInt32, time Int64, …" of a create statement."""
    inside = re.search(r"\((.*?)\)", " ".join(create.split())).group(1)
    return ", ".join(column.strip() for column in inside.split(","))


CLICKHOUSE_CONFIG = """<yandex>
  <logger><level>warning</level><log>{folder}/server.log</log></logger>
  <http_port>{port}</http_port>
  <tcp_port>{tcp}</tcp_port>
  <listen_host>127.0.0.1</listen_host>
  <max_concurrent_queries>200</max_concurrent_queries>
  <mark_cache_size>5368709120</mark_cache_size>
  <path>{folder}/data/</path>
  <tmp_path>{folder}/tmp/</tmp_path>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </default>
  </users>
  <profiles><default><max_memory_usage>12000000000</max_memory_usage></default></profiles>
  <quotas><default></default></quotas>
  <users_config>{folder}/config.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
</yandex>
"""


def open_peers(names, modules, folder):
    """The named peers that can be had here, one after the other, each in a folder of its own."""
    makers = {
        "chdb": (lambda place, path: Chdb(place, path),
                 [f"{modules}/@chdb/lib-linux-x64-gnu/libchdb.so",
                  f"{modules}/chdb/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so"]),
        "duckdb": (lambda place, path: Duckdb(place, path),
                   [f"{modules}/@duckdb/node-bindings-linux-x64/libduckdb.so"]),
        "clickhouse": (lambda place, path: ClickhouseServer(place, path),
                       ["/usr/sbin/clickhouse-server"]),
        "postgresql": (lambda place, path: Postgresql(os.path.dirname(place), path),
                       ["/usr/lib/postgresql/15/bin/postgres"]),
    }
    for name in names:
        make, places = makers[name]
        found = next((place for place in places if os.path.exists(place)), None)
        if found:
            yield make(found, os.path.join(folder, name))
