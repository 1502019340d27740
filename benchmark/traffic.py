"""Input over HTTP: Siyu's server beside nginx and ClickHouse's, and questions while it goes on."""
import csv
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import threading
import time

import memory
import peers
import report

HERE = os.path.dirname(os.path.abspath(__file__))
CONNECTIONS = 64
BATCH = 1000
BATCH_CONNECTIONS = (1, 4)
BODY_EVENTS = 50_000
SECONDS = 4
SECONDS_QUICK = 2
ROUNDS = 2
NGINX = "/usr/sbin/nginx"
CLICKHOUSE = "/usr/sbin/clickhouse-server"
CREATE_LIVE = ("create table live (customer UInt32, event String, time Int64, channel String, "
               "sku String, amount Float64) engine = MergeTree() "
               "partition by toYYYYMM(toDateTime(intDiv(time, 1000))) order by (customer, time)")


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


def post_json(connection, path, body):
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    data = response.read()
    if response.status >= 300:
        raise OSError(f"{path}: {response.status} {data[:300]}")
    return json.loads(data)


class Server:
    """`siyu serve` on the loaded folder."""

    def __init__(self, program, data, log):
        self.port = peers.free_port()
        self.socket = os.path.join(data, "siyu.sock")
        started = time.perf_counter()
        with open(log, "wb") as file:
            self.process = subprocess.Popen(
                [program, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}"],
                stdout=file, stderr=file)
        peers.wait_for(self.answers, self.process, "siyu serve")
        self.started_seconds = time.perf_counter() - started

    def answers(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/api/v1/health")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def local(self, path, body):
        connection = UnixConnection(self.socket)
        try:
            return post_json(connection, path, body)
        finally:
            connection.close()

    def memory(self, name):
        """Bytes, by the kernel's name: VmRSS now, VmHWM at most."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            return int(re.search(name + r":\s+(\d+) kB", file.read()).group(1)) * 1024

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Nginx:
    """Answers 200 to everything and reads no body."""

    def __init__(self, folder):
        self.port = peers.free_port()
        os.makedirs(folder, exist_ok=True)
        config = os.path.join(folder, "nginx.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("daemon off; worker_processes 2; "
                       f"pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
                       "events { worker_connections 1024; }\n"
                       "http { access_log off; keepalive_requests 1000000000; "
                       f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; "
                       f"fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; "
                       f"scgi_temp_path {folder}/scgi;\n"
                       f"server {{ listen 127.0.0.1:{self.port}; "
                       "location / { return 200; } } }\n")
        self.process = subprocess.Popen([NGINX, "-c", config, "-p", folder])
        peers.wait_for(self.answers, self.process, "nginx")

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()


class Wrk:
    """Debian's load generator, for so many seconds at a time."""

    def __init__(self, seconds):
        self.seconds = seconds

    def rate(self, url, bodies, connections, headers=()):
        """Requests a second; every answer must be a 2xx."""
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{self.seconds}s", "--timeout", "30s", "-s",
             os.path.join(HERE, "post.lua"), url, "--", bodies, *headers],
            check=True, stdout=subprocess.PIPE, text=True)
        if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
            raise OSError(f"{url}: {done.stdout}")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))


def make_bodies(given, folder):
    """Files of bodies, one a line: single events, batches for Siyu, batches for ClickHouse."""
    source = os.path.join(folder, "bodies.csv")
    memory.call(given.program, "file", source, events=BODY_EVENTS)
    with open(source, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    ours, theirs = [], []
    for customer, event, time_text, channel, sku, amount in rows:
        time_ms = int(time_text) + LATER_MS
        properties = {"channel": channel}
        if sku:
            properties["sku"] = sku
        if amount:
            properties["amount"] = amount
        ours.append({"customer": customer, "event": event, "time": time_ms,
                     "properties": properties})
        theirs.append({"customer": int(customer), "event": event, "time": time_ms,
                       "channel": channel, "sku": sku, "amount": float(amount or 0)})
    files = {name: os.path.join(folder, name + ".json") for name in ("single", "batch", "rows")}
    with open(files["single"], "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"events": [event]}) + "\n" for event in ours[:2000])
    with open(files["batch"], "w", encoding="utf-8") as file:
        for at in range(0, len(ours), BATCH):
            file.write(json.dumps({"events": ours[at:at + BATCH]}) + "\n")
    with open(files["rows"], "w", encoding="utf-8") as file:
        for at in range(0, len(theirs), BATCH):
            file.write(" ".join(map(json.dumps, theirs[at:at + BATCH])) + "\n")
    return files


def in_turn(first, second):
    """A B A B: the medians."""
    figures = [(first(), second()) for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*figures)]


class Heavy:
    """Asks a heavy question again and again until closed.

    It is about a moment before all that is posted meanwhile: every answer must be the same.
    """

    def __init__(self, server, words):
        self.server = server
        self.seconds = []
        self.counts = set()
        self.ended = threading.Event()
        self.body = {"rule": HEAVY_RULE, "at": words}
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.ended.is_set():
            started = time.perf_counter()
            self.counts.add(self.server.local("/api/v1/rules/count", self.body)["count"])
            self.seconds.append(time.perf_counter() - started)

    def close(self):
        self.ended.set()
        self.thread.join()
        if len(self.counts) != 1:
            raise OSError(f"the same question was answered with {sorted(self.counts)}")


HEAVY_RULE = ("did app_opened then product_viewed within 10m then cart_added within 10m "
              "then order_paid within 1h in last 90d")
END = "2026-06-30T00:00:00+08:00"
# What is posted lies behind the moment of the questions, so that a folder that is kept answers as
# before.
LATER_MS = 181 * 86_400_000


def warm_count(given, server, data):
    """Milliseconds of `siyu count` of Q3, the program's start included; and of the request."""
    command, request = [], []
    for _ in range(10):
        started = time.perf_counter()
        subprocess.run([given.siyu, "count", memory.RULE_Q3, "--at", END, "--data", data],
                       check=True, stdout=subprocess.DEVNULL)
        command.append(time.perf_counter() - started)
        started = time.perf_counter()
        server.local("/api/v1/rules/count", {"rule": memory.RULE_Q3, "at": END})
        request.append(time.perf_counter() - started)
    return statistics.median(command) * 1000, statistics.median(request) * 1000


def measure(output, given, data, folder):
    files = make_bodies(given, folder)
    server = Server(given.siyu, data, os.path.join(folder, "serve.log"))
    try:
        command, request = warm_count(given, server, data)
        full = given.events / 100e6
        rows = [["siyu serve answers after", report.seconds(server.started_seconds), "–"],
                ["resident after Q3, at most since the start", report.size(server.memory("VmHWM")),
                 report.aim(server.memory("VmHWM"), 2.5e9 * full, report.size)],
                ["siyu count of Q3, warm, as a command", f"{command:.1f} ms",
                 report.aim(command, 50, "{:.0f} ms".format)],
                ["the same, the request alone", f"{request:.1f} ms", "–"]]
        output.headlines["count"] = f"{command:.1f} ms"
        output.headlines["resident"] = rows[1][1]
        output.table("The server", ["what", "figure", "aim"], rows)
        Input(given, server, files, folder).measure(output)
    finally:
        server.close()


class Input:
    """Events posted to the server, in turn with what a peer is posted."""

    def __init__(self, given, server, files, folder):
        self.given = given
        self.server = server
        self.files = files
        self.folder = folder
        self.wrk = Wrk(SECONDS_QUICK if given.quick else SECONDS)
        self.url = f"http://127.0.0.1:{server.port}/api/v1/events"
        key = server.local("/api/v1/keys", {"name": "bench", "scopes": ["events.write"]})
        self.headers = ("Authorization", "Bearer " + key["secret"])

    def sync_ms(self):
        figures = memory.call(self.given.program, "sync", self.folder, events=self.given.events)
        return figures["fdatasync_ms"]

    def batches(self, connections):
        return BATCH * self.wrk.rate(self.url, self.files["batch"], connections, self.headers)

    def singles(self):
        nginx = Nginx(os.path.join(self.folder, "nginx"))
        try:
            single, empty = in_turn(
                lambda: self.wrk.rate(self.url, self.files["single"], CONNECTIONS, self.headers),
                lambda: self.wrk.rate(f"http://127.0.0.1:{nginx.port}/", self.files["single"],
                                      CONNECTIONS))
        finally:
            nginx.close()
        return [f"one event a request, {CONNECTIONS} connections", report.rate(single),
                f"nginx return 200: {report.rate(empty)}",
                report.aim(single / empty, 0.35, "{:.2f} of nginx".format, True)]

    def beside_clickhouse(self, server, connections):
        url = f"http://127.0.0.1:{server.port}/?query=insert%20into%20live%20format%20JSONEachRow"
        ours, theirs = in_turn(
            lambda: self.batches(connections),
            lambda: BATCH * self.wrk.rate(url, self.files["rows"], connections))
        return [f"{BATCH:,} events a request, JSON, {connections} at once", report.rate(ours),
                f"ClickHouse {server.version}, not durable: {report.rate(theirs)}",
                report.aim(ours / theirs, 4, "{:.1f}×".format, True)]

    def alone(self, connections):
        rate = statistics.median(self.batches(connections) for _ in range(ROUNDS))
        return [f"{BATCH:,} events a request, JSON, {connections} at once", report.rate(rate),
                "no ClickHouse server here", "–"]

    def many(self):
        if not os.path.exists(CLICKHOUSE):
            return [self.alone(connections) for connections in BATCH_CONNECTIONS]
        place = os.path.join(self.folder, "clickhouse-input")
        shutil.rmtree(place, ignore_errors=True)
        server = peers.ClickhouseServer(CLICKHOUSE, place)
        try:
            server.run(CREATE_LIVE)
            return [self.beside_clickhouse(server, number) for number in BATCH_CONNECTIONS]
        finally:
            server.close()
            shutil.rmtree(place, ignore_errors=True)

    def under_questions(self):
        """The row, and the seconds of each question that ran meanwhile."""
        asked = []

        def beside():
            heavy = Heavy(self.server, END)
            try:
                return self.batches(BATCH_CONNECTIONS[-1])
            finally:
                heavy.close()
                asked.extend(heavy.seconds)
        loaded, alone = in_turn(beside, lambda: self.batches(BATCH_CONNECTIONS[-1]))
        return [f"{BATCH:,} a request while heavy questions run", report.rate(loaded),
                f"alone: {report.rate(alone)}",
                report.aim(loaded / alone, 0.8, "{:.2f} of its rate".format, True)], asked

    def measure(self, output):
        before = self.sync_ms()
        rows = [self.singles(), *self.many()]
        beside, asked = self.under_questions()
        rows.append(beside)
        output.headlines["single"] = f"{rows[0][1]}; {rows[0][2]}"
        output.headlines["batch"] = f"{rows[2][1]}; {rows[2][2]}"
        output.table("Durable input over HTTP", ["what", "Siyu, events", "beside", "aim"], rows,
                     [f"Raw fdatasync before and after: {before:.2f} and {self.sync_ms():.2f} ms. "
                      f"{len(asked)} heavy questions were answered while events came in, all with "
                      "the same number, "
                      f"{report.seconds(statistics.median(asked))} each (median)."])
