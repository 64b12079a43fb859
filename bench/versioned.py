"""Goal: a release of 100 versioned files on one PostgreSQL database, beside the thinnest correct client: one connection, for each file a
transaction with a lock and a row of history. Both in turns, several times; the median counts. dbmate beside them where it can be had."""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import base64

import harness

FILES = 100
ROUNDS = int(os.environ.get("BASALT_BENCH_ROUNDS", "15"))
WORK = pathlib.Path(os.environ.get("BASALT_BENCH_WORK", "target/bench"))


def client():
    """A Python with psycopg, in a folder of its own."""
    venv = WORK / "venv"
    if not (venv / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run([str(venv / "bin/pip"), "install", "--quiet", "psycopg[binary]"], check=True)
    return str(venv / "bin/python")


def dbmate():
    """The native binary, or None with a line that says so."""
    place = WORK / "npm"
    found = place / "node_modules/@dbmate/linux-x64/bin/dbmate"
    if not found.exists():
        place.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(place), "dbmate"], capture_output=True)
        if done.returncode or not found.exists():
            print("SKIPPED: dbmate cannot be had; only the raw client is beside ours", flush=True)
            return None
    return str(found)


RAW = """
import sys, time, psycopg
url, files = sys.argv[1], sys.argv[2:]
texts = [open(f).read() for f in files]
begin = time.monotonic()
with psycopg.connect(url, autocommit=True) as c:
    c.execute("CREATE TABLE IF NOT EXISTS raw_history (version text PRIMARY KEY, applied_at timestamptz DEFAULT now())")
    done = {r[0] for r in c.execute("SELECT version FROM raw_history")}
    for f, text in zip(files, texts):
        if f in done: continue
        with c.transaction():
            c.execute("SELECT pg_advisory_xact_lock(7)"); c.execute(text); c.execute("INSERT INTO raw_history(version) VALUES (%s)", (f,))
print(time.monotonic() - begin)
"""


def raw(python, files):
    with harness.Postgres() as postgres:
        url = postgres.server["url"].rsplit("/", 1)[0] + "/" + postgres.name
        done = subprocess.run([python, "-c", RAW, url, *files], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return float(done.stdout)


def mate(binary, folder):
    with harness.Postgres() as postgres:
        url = postgres.server["url"].rsplit("/", 1)[0] + "/" + postgres.name + "?sslmode=disable"
        begin = time.monotonic()
        done = subprocess.run([binary, "-u", url, "-d", folder, "--no-dump-schema", "up"], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return time.monotonic() - begin


def ours(files):
    """From the request "run" until the run is DONE."""
    with harness.Postgres() as postgres, harness.server() as running:
        running.first_administrator()
        target = postgres.adopt(running)
        release = [{"path": pathlib.Path(f).name, "version": str(n + 1), "type": "VERSIONED",
                    "statement": base64.b64encode(pathlib.Path(f).read_bytes()).decode()} for n, f in enumerate(files)]
        name = running.call("ReleaseService/CreateRelease", {"parent": "projects/bench", "release": {"type": "VERSIONED", "files": release}})["name"]
        spec = {"id": "00000000-0000-4000-8000-000000000001", "changeDatabaseConfig": {"targets": [target], "release": name}}
        plan = running.call("PlanService/CreatePlan", {"parent": "projects/bench", "plan": {"title": "All", "specs": [spec]}})["name"]
        until = time.monotonic() + 120
        while running.call("PlanService/GetPlanCheckRun", {"name": plan + "/planCheckRun"})["status"] == "RUNNING":
            if time.monotonic() > until:
                raise SystemExit("the plan's checks do not end")
            time.sleep(0.05)
        stage = running.call("RolloutService/CreateRollout", {"parent": plan})["stages"][0]
        tasks = [task["name"] for task in stage["tasks"]]
        begin = time.monotonic()
        running.call("RolloutService/BatchRunTasks", {"parent": stage["name"], "tasks": tasks})
        while True:
            run = running.call("RolloutService/ListTaskRuns", {"parent": tasks[0]})["taskRuns"][0]
            if run["status"] in ("DONE", "FAILED"):
                break
            if time.monotonic() > until:
                raise SystemExit("the run does not end")
            time.sleep(0.003)
        seconds = time.monotonic() - begin
        made = postgres.run("SELECT count(*) FROM pg_class WHERE relname ~ '^m[0-9]+$' AND relkind = 'r'")
        if run["status"] != "DONE" or made != [str(FILES)]:
            raise SystemExit(f"{run['status']}: {run.get('detail')}; {made} tables")
        return seconds


generator = pathlib.Path(os.environ["BASALT_BENCH"]) / "gen_apply.py"
if not generator.exists():
    raise SystemExit(f"{generator} is missing: set BASALT_BENCH")
WORK.mkdir(parents=True, exist_ok=True)
python, other = client(), dbmate()
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.executable, str(generator), folder, str(FILES)], check=True)
    files = sorted(str(f) for f in pathlib.Path(folder, "one/sql").glob("*.sql"))
    times = {"raw": [], "dbmate": [], "ours": []}
    for _ in range(ROUNDS):
        times["raw"].append(raw(python, files))
        times["ours"].append(ours(files))
        if other:
            times["dbmate"].append(mate(other, str(pathlib.Path(folder, "one/dbmate"))))
medians = {name: statistics.median(values) for name, values in times.items() if values}
note = ", ".join(f"{name} {value:.2f} s" for name, value in medians.items())
harness.goal(f"{FILES} versioned files → 1 database, beside the raw client", medians["ours"] / medians["raw"], 1.15, "×", note)
harness.finish()
