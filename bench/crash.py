"""Goals: 1,000 servers killed at seeded points, 2,000 runs by two servers on one store under faults, a batch over 2,000,000 rows killed three
times: each change is in its database exactly once. These are the tests named `crash`, with larger numbers; half an hour and more.

`BASALT_KILLS` counts for each of the six kinds of server, `BASALT_RUNS` and `BASALT_BATCH_ROWS` as the tests say."""
import os
import pathlib
import re
import subprocess
import threading

import harness

KINDS = 6
KILLS = int(os.environ.get("BASALT_KILLS", "167"))
RUNS = int(os.environ.get("BASALT_RUNS", "2000"))
ROWS = int(os.environ.get("BASALT_BATCH_ROWS", "2000000"))
HOURS = 3

# Servers of the tests, with MariaDB and MySQL; those of the benchmarks are others.
environment = dict(os.environ, BASALT_KILLS=str(KILLS), BASALT_RUNS=str(RUNS), BASALT_BATCH_ROWS=str(ROWS))
environment["BASALT_SERVERS"] = os.environ.get("BASALT_CRASH_SERVERS", str(pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target"), "servers.json").absolute()))
servers = lambda verb: subprocess.run(["cargo", "xtask", "servers", verb], env=environment, stdout=subprocess.DEVNULL).returncode
ours = servers("status") != 0
if ours and servers("up") != 0:
    raise SystemExit("the servers of the tests do not start")
command = "cargo test --locked --workspace --features basalt/test-hooks --test it -- crash_ --nocapture --test-threads=1".split()
running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
too_long = threading.Timer(HOURS * 3600, running.terminate)
too_long.start()
told = []
try:
    for line in running.stdout:
        if re.search(r"kills \d+|twins: |MISSING|SKIPPED|FAILED|panicked", line):
            print("      " + line.rstrip(), flush=True)
            told.append(line)
    ended = running.wait(60)
finally:
    too_long.cancel()
    if running.poll() is None:
        running.terminate()
    if ours:
        servers("down")

tallies = [dict(re.findall(r"(kills|double|lost|unknown) (\d+)", line)) for line in told if " double " in line]
count = lambda what: sum(int(tally.get(what, 0)) for tally in tallies)
harness.goal("changes applied twice, in all of these", count("double"), 0, "")
harness.goal("changes lost, in all of these", count("lost"), 0, "")
harness.goal("crash tests that failed", int(ended != 0), 0, "", f"{count('kills')} kills and runs in {len(tallies)} tallies")
harness.finish()
