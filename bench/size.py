"""Goal: size of the binary, console inside."""
import os

import harness

harness.goal("size of the binary", os.path.getsize(harness.BINARY) / 2**20, 60, "MiB")
harness.finish()
