"""Goal: exec → /healthz answers, on an empty folder and on one that exists."""
import tempfile

import harness

empty, existing = [], []
for _ in range(5):
    with tempfile.TemporaryDirectory() as data:
        for times in (empty, existing):
            with harness.server(data) as running:
                times.append(running.seconds)
harness.goal("exec → /healthz, empty folder (median of 5)", harness.percentile(empty, 50), 0.5, "s", f"max {max(empty):.3f}")
harness.goal("exec → /healthz, existing folder (median of 5)", harness.percentile(existing, 50), 0.25, "s", f"max {max(existing):.3f}")
harness.finish()
