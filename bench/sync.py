"""Goal: reading the schema of 5,000 tables from PostgreSQL into the store."""
import os
import subprocess
import sys
import time

import harness

TABLES = 5000

generator = os.path.join(os.environ["BASALT_BENCH"], "gen_schema.py")
if not os.path.exists(generator):
    raise SystemExit(f"{generator} is missing: set BASALT_BENCH to the folder that has it")
schema = subprocess.run([sys.executable, generator, str(TABLES)], capture_output=True, text=True, check=True).stdout
with harness.Postgres() as postgres:
    postgres.run(schema)
    postgres.run("ANALYZE")
    seconds, grown = [], []
    for _ in range(3):
        with harness.server() as running:
            running.first_administrator()
            # Without a first sync of the database: the instance is synced, which only lists it.
            name = postgres.adopt(running)
            until = time.monotonic() + 60
            while int(running.call("DatabaseService/GetDatabase", {"name": name}).get("tableCount", 0)) != TABLES:
                if time.monotonic() > until:
                    raise SystemExit("the first sync does not end")
                time.sleep(0.05)
            first_peak = running.memory("VmHWM")
            time.sleep(2)
            idle = running.memory()
            running.forget_peak()
            begin = time.monotonic()
            running.call("DatabaseService/SyncDatabase", {"name": name})
            seconds.append(time.monotonic() - begin)
            grown.append(max(running.memory("VmHWM") - idle, first_peak - idle))
    harness.goal(f"sync of {TABLES} tables on PostgreSQL (median of 3)", harness.percentile(seconds, 50), 1.5, "s", f"max {max(seconds):.3f}")
    harness.goal("memory over idle while it syncs (median of 3)", harness.percentile(grown, 50), 64, "MiB", f"max {max(grown):.1f}")
harness.finish()
