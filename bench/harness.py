"""What the benchmarks share: a server to measure, calls, memory readings, and the line that is printed."""
import base64
import contextlib
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

BINARY = os.environ["BASALT_BENCH_BINARY"]
MISSED = []


def goal(what, figure, limit, unit, note=""):
    """Prints a figure beside its goal; a larger figure than the limit is a miss."""
    met = figure <= limit
    if not met:
        MISSED.append(what)
    print(f"{'ok  ' if met else 'MISS'}  {what:<58} {figure:>9.3f} {unit:<4} goal ≤ {limit:g} {unit}  {note}", flush=True)


def finish():
    sys.exit(1 if MISSED else 0)


def percentile(values, share):
    """The smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """`basalt serve` as a child process. `seconds` is the time from exec to the first good answer of /healthz."""

    def __init__(self, data, args=(), prefix=(), env=None):
        self.port = free_port()
        self.log = tempfile.TemporaryFile(mode="w+")
        command = [*prefix, BINARY, "serve", "--port", str(self.port), "--data", str(data), *args]
        begin = time.monotonic()
        self.process = subprocess.Popen(command, stderr=self.log, stdout=subprocess.DEVNULL, env={**os.environ, "BASALT_LOG": "warn", **(env or {})})
        while not self.healthy():
            if self.process.poll() is not None or time.monotonic() - begin > 120:
                self.log.seek(0)
                raise SystemExit("the server does not come up:\n" + self.log.read())
            time.sleep(0.001)
        self.seconds = time.monotonic() - begin
        self.token = None
        self.connection = None

    def healthy(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as s:
                s.sendall(b"GET /healthz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")
                return s.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def call(self, method, request, package="bytebase.v1"):
        """One call over a connection that stays open, as clients do it."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        self.connection.request("POST", f"/{package}.{method}", json.dumps(request), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method}: {body.decode(errors='replace')}")
        return json.loads(body)

    def sign_in(self, email, password):
        self.token = self.call("AuthService/Login", {"email": email, "password": password})["token"]

    def first_administrator(self):
        self.call("AuthService/Signup", {"email": "ada@example.com", "password": "correct-horse-9", "title": "Ada"})
        self.sign_in("ada@example.com", "correct-horse-9")

    def memory(self, what="VmRSS"):
        """MiB of resident memory; with VmHWM the most since `forget_peak`."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(what + ":"):
                return int(line.split()[1]) / 1024
        raise SystemExit(f"/proc does not tell {what}")

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


@contextlib.contextmanager
def server(data=None, **how):
    with contextlib.ExitStack() as stack:
        running = Server(data or stack.enter_context(tempfile.TemporaryDirectory()), **how)
        try:
            yield running
        finally:
            running.stop()


class Postgres:
    """A new database on the test server, dropped at the end."""

    def __init__(self):
        self.server = json.loads(pathlib.Path(os.environ["BASALT_SERVERS"]).read_text())["postgres"]
        self.name = f"bench_{os.getpid()}"

    def __enter__(self):
        self.psql("postgres", f"CREATE DATABASE {self.name}")
        return self

    def __exit__(self, *_):
        self.psql("postgres", f"DROP DATABASE {self.name} WITH (FORCE)")

    def psql(self, database, sql):
        url = self.server["url"].rsplit("/", 1)[0] + "/" + database
        done = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", url], input=sql, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit("psql: " + done.stderr)
        return done.stdout.split()

    def run(self, sql):
        return self.psql(self.name, sql)

    def adopt(self, running):
        """Makes the database one of project `bench`. Gives its name."""
        source = {"id": "admin", "type": "ADMIN", "host": self.server["host"], "port": str(self.server["port"]),
                  "username": self.server["user"], "password": self.server["password"]}
        instance = {"title": "bench", "engine": "POSTGRES", "environment": "environments/test", "activation": True,
                    "syncDatabases": {"databases": [self.name]}, "dataSources": [source]}
        running.call("ProjectService/CreateProject", {"projectId": "bench", "project": {"title": "Bench"}})
        running.call("InstanceService/CreateInstance", {"instanceId": "bench", "instance": instance})
        running.call("InstanceService/SyncInstance", {"name": "instances/bench"})
        name = f"instances/bench/databases/{self.name}"
        running.call("DatabaseService/UpdateDatabase", {"database": {"name": name, "project": "projects/bench"}, "updateMask": "project"})
        return name


def sheet(running, sql):
    content = base64.b64encode(sql.encode()).decode()
    return running.call("SheetService/CreateSheet", {"parent": "projects/bench", "sheet": {"content": content}})["name"]
