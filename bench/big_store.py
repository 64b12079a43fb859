"""Goal: a store with 500 instances, 5,000 databases and 1,000,000 task runs, under half a core and 512 MiB.

The rows are copies of what `--demo` makes, written straight into SQLite: so they have the shape of real ones, whatever
the schema of the store becomes.
"""
import contextlib
import os
import pathlib
import sqlite3
import tempfile
import time

import harness

INSTANCES, DATABASES, PLANS, TASKS, RUNS = 500, 5_000, 10_000, 50, 2  # plans; tasks of each; runs of each task
CHANGES = 20  # of each database
CPU, MEMORY = 0.5, 512 << 20


def copies(store, table, template, numbers, **columns):
    """Copies the row of `table` where `template` holds, once for each `n` of `numbers`, with other `columns`."""
    names = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(columns.get(name, f"t.{name}") for name in names)
    store.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM ({numbers}) JOIN {table} t ON {template}")


def series(count, start=0):
    return f"WITH RECURSIVE s(n) AS (SELECT {start} UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {start + count}) SELECT n FROM s"


def fill(path):
    store = sqlite3.connect(path)
    store.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
    one = lambda sql: store.execute(sql).fetchone()
    instance = one("SELECT id FROM instance LIMIT 1")[0]
    now = "CAST(strftime('%s', 'now') AS INTEGER) * 1000000"
    copies(store, "instance", f"t.id = '{instance}'", series(INSTANCES), id="'bench-' || n", title="'Bench ' || n", synced_at=now)
    each = DATABASES // INSTANCES
    copies(store, "db", f"t.id = (SELECT min(id) FROM db WHERE instance = '{instance}')", series(DATABASES), id="'bench-' || n",
           instance=f"'bench-' || (n / {each})", name="'app_' || n", search="'app_' || n", synced_at=now)
    project, plan, task, run = one("SELECT project, plan, task, id FROM task_run WHERE status = 'DONE' LIMIT 1")
    base = 1_000_000
    here = f"t.project = '{project}' AND t.id = "
    copies(store, "plan", here + str(plan), series(PLANS, base), id="n", title="'Plan ' || n")
    copies(store, "plan_check", f"t.project = '{project}' AND t.plan = {plan}", series(PLANS, base), plan="n")
    copies(store, "issue", f"t.project = '{project}' AND t.plan = {plan}", series(PLANS, base), id="n", plan="n", title="'Plan ' || n")
    change = one("SELECT id FROM changelog WHERE kind = 'MIGRATE' LIMIT 1")[0]
    copies(store, "changelog", f"t.id = '{change}'", series(DATABASES * CHANGES, base), id="'bench-' || n",
           database_id=f"'bench-' || ((n - {base}) / {CHANGES})")
    copies(store, "task", here + str(task), series(PLANS * TASKS, base), id="n", plan=f"{base} + (n - {base}) / {TASKS}",
           instance=f"'bench-' || (n % {DATABASES} / {each})", database_name=f"'app_' || (n % {DATABASES})")
    copies(store, "task_run", here + str(run), series(PLANS * TASKS * RUNS, base), id="n", attempt=f"(n - {base}) % {RUNS}",
           task=f"{base} + (n - {base}) / {RUNS}", plan=f"{base} + (n - {base}) / {RUNS * TASKS}")
    store.execute("ANALYZE")
    store.commit()
    runs = one("SELECT count(*) FROM task_run")[0]
    store.close()
    return project, f"projects/{project}/plans/{base + PLANS // 2}", runs


def await_run(path):
    """The demo rolls its first change out in the background."""
    until = time.monotonic() + 60
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        while not store.execute("SELECT 1 FROM task_run WHERE status = 'DONE'").fetchone():
            if time.monotonic() > until:
                raise SystemExit("the demo's first change does not end")
            time.sleep(0.05)


@contextlib.contextmanager
def limits():
    """A control group (version 1 or 2) with half a core and 512 MiB; gives the command prefix that enters it."""
    root, name = pathlib.Path("/sys/fs/cgroup"), f"basalt-bench-{os.getpid()}"
    made = []
    try:
        if (root / "cgroup.controllers").exists():
            made = [root / name]
            settings = [("cpu.max", f"{int(CPU * 100000)} 100000"), ("memory.max", MEMORY)]
            places = [made[0], made[0]]
        else:
            made = [root / "cpu" / name, root / "memory" / name]
            settings = [("cpu.cfs_quota_us", int(CPU * 100000)), ("memory.limit_in_bytes", MEMORY)]
            places = made
        for folder in made:
            folder.mkdir()
        for folder, (file, value) in zip(places, settings):
            (folder / file).write_text(str(value))
        enter = "; ".join(f"echo $$ > {folder}/cgroup.procs" for folder in made)
        prefix, note = ["sh", "-ec", enter + '; exec "$@"', "sh"], "0.5 CPU, 512 MiB"
    except OSError as error:
        prefix, note = [], f"NOT limited: {error}"
    try:
        yield prefix, note
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()


with tempfile.TemporaryDirectory() as folder:
    demo = pathlib.Path(folder) / "demo"
    with harness.server(folder, args=["--demo"]):
        await_run(demo / "basalt.db")
    project, plan, runs = fill(demo / "basalt.db")
    print(f"      store of {(demo / 'basalt.db').stat().st_size >> 20} MiB with {runs} task runs", flush=True)
    with limits() as (prefix, note), harness.server(demo, prefix=prefix) as running:
        harness.goal("big store: exec → /healthz", running.seconds, 1.0, "s", note)
        running.sign_in("admin@demo.basalt", "basalt-demo")
        time.sleep(5)
        of_project = {"parent": f"projects/{project}", "pageSize": 50}
        pages = {
            "databases": ("DatabaseService/ListDatabases", of_project),
            "databases of the workspace": ("DatabaseService/ListDatabases", {"parent": "workspaces/default", "pageSize": 50}),
            "instances": ("InstanceService/ListInstances", {"pageSize": 50}),
            "plans": ("PlanService/ListPlans", of_project),
            "issues": ("IssueService/ListIssues", of_project),
            "changelogs of a database": ("ChangelogService/ListChangelogs", {"parent": "instances/bench-7/databases/app_70", "pageSize": 50}),
            # Each with all its tasks, so fewer to a page.
            f"2 rollouts of {TASKS} tasks": ("RolloutService/ListRollouts", {"parent": f"projects/{project}", "pageSize": 2}),
            f"the rollout of {TASKS} tasks": ("RolloutService/GetRollout", {"name": f"{plan}/rollout"}),
            "task runs of a plan": ("RolloutService/ListTaskRuns", {"parent": f"{plan}/rollout/stages/-/tasks/-"}),
        }
        for what, (method, request) in pages.items():
            millis, token = [], ""
            for _ in range(100):
                # As people page. Back to back, half a core is used up and the kernel's pauses are what is measured.
                time.sleep(0.03)
                page = {**request, "pageToken": token} if "pageSize" in request else request
                begin = time.monotonic()
                answer = running.call(method, page)
                millis.append((time.monotonic() - begin) * 1000)
                token = answer.get("nextPageToken", "")
            shown = f"p50 {harness.percentile(millis, 50):.1f}, max {max(millis):.1f}"
            harness.goal(f"big store: page of {what}, p99 of 100", harness.percentile(millis, 99), 20, "ms", shown)
        harness.goal("big store: memory after that", running.memory(), 120, "MiB", f"peak {running.memory('VmHWM'):.0f}")
harness.finish()
