"""Goal: memory of a server that has been used and now waits."""
import time

import harness

with harness.server() as running:
    running.first_administrator()
    for _ in range(50):
        running.call("ProjectService/ListProjects", {})
    time.sleep(5)
    harness.goal("idle memory, after a sign-in and 50 calls", running.memory(), 40, "MiB")
harness.finish()
