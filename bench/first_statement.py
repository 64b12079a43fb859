"""Goal: from the request "run" until the first statement of the change is at the server, which notes its own clock.

Both clocks are this machine's. Each round has its own plan, whose checks have ended, and waits until the run is over.
"""
import time

import harness

ROUNDS = 100


def wait(ended, what):
    until = time.monotonic() + 60
    while not ended():
        if time.monotonic() > until:
            raise SystemExit(f"{what} does not end")
        time.sleep(0.02)


with harness.Postgres() as postgres, harness.server() as running:
    running.first_administrator()
    target = postgres.adopt(running)
    postgres.run("CREATE TABLE arrival (round int PRIMARY KEY, at timestamptz NOT NULL)")
    sent = {}
    for number in range(ROUNDS):
        sql = f"INSERT INTO arrival VALUES ({number}, clock_timestamp());"
        change = {"targets": [target], "sheet": harness.sheet(running, sql)}
        spec = {"id": f"00000000-0000-4000-8000-{number:012}", "changeDatabaseConfig": change}
        plan = running.call("PlanService/CreatePlan", {"parent": "projects/bench", "plan": {"title": "Arrive", "specs": [spec]}})["name"]
        stage = running.call("RolloutService/CreateRollout", {"parent": plan})["stages"][0]
        checks = lambda: running.call("PlanService/GetPlanCheckRun", {"name": plan + "/planCheckRun"})["status"] != "RUNNING"
        wait(checks, "the plan's checks")
        tasks = [task["name"] for task in stage["tasks"]]
        sent[number] = time.time()
        running.call("RolloutService/BatchRunTasks", {"parent": stage["name"], "tasks": tasks})
        runs = lambda: running.call("RolloutService/ListTaskRuns", {"parent": tasks[0]})["taskRuns"]
        wait(lambda: runs()[0]["status"] in ("DONE", "FAILED"), "the run")
    arrived = (line.split("|") for line in postgres.run("SELECT round, extract(epoch FROM at) FROM arrival"))
    millis = [(float(at) - sent[int(number)]) * 1000 for number, at in arrived]
    if len(millis) != ROUNDS:
        raise SystemExit(f"only {len(millis)} of {ROUNDS} statements arrived")
    note = f"p50 {harness.percentile(millis, 50):.1f}, max {max(millis):.1f}"
    harness.goal(f"run → statement at PostgreSQL, p99 of {ROUNDS}", harness.percentile(millis, 99), 50, "ms", note)
harness.finish()
