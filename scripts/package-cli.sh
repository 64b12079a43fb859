#!/usr/bin/env bash
# `make package-cli`: the commands of pipelines alone, as a static binary dist/basalt-cli of at most 15 MB, and its archive.
set -euo pipefail
cd "$(dirname "$0")/.."
most=$((15 * 1000 * 1000))

scripts/static-build.sh basalt-cli --no-default-features --features cli
size=$(stat -c %s dist/basalt-cli)
echo "dist/basalt-cli: $size bytes (at most $most)"
[ "$size" -le "$most" ]
scripts/archive.sh basalt-cli dist/basalt-cli dist
