"""Goals: `basalt check` of 1,000 files with 20 statements against 5 databases in 5 s, and `basalt rollout` of 1,000 files that 200 databases
have already in 3 s. The command line against a server beside it, on PostgreSQL; from the start of the command to its end."""
import base64
import hashlib
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import harness

FILES = int(os.environ.get("BASALT_BENCH_FILES", "1000"))
DATABASES = int(os.environ.get("BASALT_BENCH_DATABASES", "200"))
CHECKED = 5
ROUNDS = int(os.environ.get("BASALT_BENCH_ROUNDS", "5"))
TYPES = ["bigint", "integer", "text", "boolean", "numeric(12,2)", "timestamptz", "jsonb", "uuid", "date"]


def migration(n):
    """20 statements as people write them: a table, what belongs to it, a change of the one before, and some rows."""
    table, before = f"part_{n}", f"part_{max(1, n - 1)}"
    statements = [
        f"CREATE TABLE {table} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  name text NOT NULL,\n  created_at timestamptz NOT NULL DEFAULT now()\n)",
        *(f"ALTER TABLE {table} ADD COLUMN field_{i} {TYPES[i]}" for i in range(9)),
        *(f"COMMENT ON COLUMN {table}.field_{i} IS 'field {i} of part {n}; see the manual'" for i in range(3)),
        f"CREATE INDEX idx_{table}_name ON {table} (name)",
        f"CREATE INDEX idx_{table}_field_0 ON {table} (field_0, created_at)",
        f"ALTER TABLE {table} ALTER COLUMN field_3 SET DEFAULT false",
        f"ALTER TABLE {before} ADD COLUMN next_{n} bigint",
        f"CREATE VIEW view_{table} AS\nSELECT a.id, a.name, b.id AS other\nFROM {table} AS a\nINNER JOIN {before} AS b ON a.id = b.id",
        f"INSERT INTO {table} (name, field_2) VALUES ('first', 'it''s {n}'), ('second', NULL)",
        f"UPDATE {table} SET field_1 = {n} WHERE name = 'first'",
    ]
    assert len(statements) == 20
    return "".join(s + ";\n" for s in statements)


class Databases:
    """New databases on the test server, dropped at the end; all of project `bench`, with one instance."""

    def __init__(self, count):
        self.admin = harness.Postgres()
        self.names = [f"{self.admin.name}_{n}" for n in range(count)]

    def __enter__(self):
        for name in self.names:
            self.admin.psql("postgres", f"CREATE DATABASE {name} STRATEGY file_copy")
        return self

    def __exit__(self, *_):
        for name in self.names:
            self.admin.psql("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def adopt(self, running):
        server = self.admin.server
        source = {"id": "admin", "type": "ADMIN", "host": server["host"], "port": str(server["port"]),
                  "username": server["user"], "password": server["password"]}
        instance = {"title": "bench", "engine": "POSTGRES", "environment": "environments/test", "activation": True,
                    "syncDatabases": {"databases": self.names}, "dataSources": [source]}
        running.call("ProjectService/CreateProject", {"projectId": "bench", "project": {"title": "Bench"}})
        running.call("InstanceService/CreateInstance", {"instanceId": "bench", "instance": instance})
        running.call("InstanceService/SyncInstance", {"name": "instances/bench"})
        names = [f"instances/bench/databases/{name}" for name in self.names]
        requests = [{"database": {"name": name, "project": "projects/bench"}, "updateMask": "project"} for name in names]
        # The rules of production: what a house begins with.
        template = running.call("ReviewService/ListTemplates", {"engine": "POSTGRES"}, package="basalt.v1")["templates"][0]
        config = {"title": "Rules", "enabled": True, "resources": ["environments/test"], "rules": template["rules"]}
        running.call("ReviewConfigService/CreateReviewConfig", {"reviewConfig": config})
        running.call("DatabaseService/BatchUpdateDatabases", {"parent": "instances/bench", "requests": requests})
        return names


def basalt(running, command, targets, folder, *options):
    """Seconds of the command."""
    begin = time.monotonic()
    done = subprocess.run(
        [harness.BINARY, command, "--url", f"http://127.0.0.1:{running.port}", "--access-token", running.token, "--project", "projects/bench",
         "--targets", ",".join(targets), "--file-pattern", "*.sql", *options],
        cwd=folder, capture_output=True, text=True, timeout=300, env={k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "CI"))})
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        raise SystemExit(f"basalt {command} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return seconds, done.stdout + done.stderr


def check(running, targets, folder):
    times = []
    for _ in range(ROUNDS):
        seconds, said = basalt(running, "check", targets, folder, "--check-release", "SKIP")
        times.append(seconds)
    # It was idle meanwhile, and the server closes what is.
    running.connection = None
    if f"{FILES} files on {len(targets)} databases" not in said:
        raise SystemExit("the check does not say what it did:\n" + said[-2000:])
    note = f"{ROUNDS} rounds, {min(times):.2f} to {max(times):.2f} s; server {running.memory('VmHWM'):.0f} MiB at most; {said.strip().splitlines()[-1]}"
    harness.goal(f"check of {FILES} files × 20 statements on {len(targets)} databases", statistics.median(times), 5, "s", note)


def mark(running, targets, texts):
    """All versions as applied, each with its text: what a thousand rollouts would have left."""
    for at in range(0, FILES, 100):
        sheets = [{"parent": "projects/bench", "sheet": {"content": base64.b64encode(t.encode()).decode()}} for t in texts[at:at + 100]]
        running.call("SheetService/BatchCreateSheets", {"parent": "projects/bench", "requests": sheets})
    for target in targets:
        requests = [{"revision": {"version": str(n + 1), "file": f"{n + 1}.sql", "type": "VERSIONED",
                                  "sheet": "projects/bench/sheets/" + hashlib.sha256(text.encode()).hexdigest()}}
                    for n, text in enumerate(texts)]
        running.call("RevisionService/BatchCreateRevisions", {"parent": target, "requests": requests})


def nothing_to_do(running, targets, folder):
    times = []
    for _ in range(ROUNDS):
        seconds, said = basalt(running, "rollout", targets, folder, "--target-stage", "environments/test")
        times.append(seconds)
    note = f"{ROUNDS} rounds, {min(times):.2f} to {max(times):.2f} s; server {running.memory('VmHWM'):.0f} MiB at most"
    harness.goal(f"rollout of {FILES} applied files on {len(targets)} databases", statistics.median(times), 3, "s", note)


with tempfile.TemporaryDirectory() as folder, Databases(DATABASES) as databases, harness.server() as running:
    texts = [migration(n + 1) for n in range(FILES)]
    for n, text in enumerate(texts):
        pathlib.Path(folder, f"{n + 1}.sql").write_text(text)
    running.first_administrator()
    targets = databases.adopt(running)
    check(running, targets[:CHECKED], folder)
    mark(running, targets, texts)
    nothing_to_do(running, targets, folder)
harness.finish()
