"""Goal: every engine's scripts are cut into statements at 200 MB a second.

`crates/conformance/examples/split_speed.rs` measures; it is built with the profile that is measured, or given as BASALT_BENCH_SPLIT."""
import os
import statistics
import subprocess

import harness

ROUNDS = 3


def example():
    if given := os.environ.get("BASALT_BENCH_SPLIT"):
        return given
    profile = os.environ.get("BASALT_BENCH_PROFILE", "release")
    subprocess.run(["cargo", "build", "--locked", "--profile", profile, "-p", "conformance", "--example", "split_speed"], check=True)
    return os.path.join(os.environ.get("CARGO_TARGET_DIR", "target"), profile, "examples/split_speed")


binary = example()
speeds = {}
for _ in range(ROUNDS):
    for line in subprocess.run([binary], capture_output=True, text=True, check=True).stdout.splitlines():
        name, speed, *_ = line.split()
        speeds.setdefault(name, []).append(int(speed))
middle = {name: statistics.median(all_of_it) for name, all_of_it in speeds.items()}
slowest = min(middle, key=middle.get)
note = f"{slowest}, the slowest of {len(middle)} engines, does {middle[slowest]:.0f} MB/s"
harness.goal("splitting a script, time of a megabyte", 1000 / middle[slowest], 5, "ms", note)
harness.finish()
