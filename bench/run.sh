#!/usr/bin/env bash
# `make bench`: builds the binary, then measures each goal of speed and size: figure beside goal, one line each.
# Ends with an error when a goal is missed. Give names to run some: bench/run.sh start first_statement
#   BASALT_BENCH_PROFILE  cargo profile to measure; default release, which takes long to build (try quick)
#   BASALT_BENCH_BINARY   measure this binary instead and build nothing
#   BASALT_BENCH_SERVERS  where the servers are recorded; default: bench/servers.json in the target folder
#   BASALT_BENCH          folder with gen_schema.py and gen_corpus.py; default: shared/bench beside the workspace
set -uo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
profile=${BASALT_BENCH_PROFILE:-release}
export BASALT_BENCH=${BASALT_BENCH:-$(cd .. && pwd)/shared/bench}
# Servers of their own, which wait for the disk as people run them: those of the tests do not.
export BASALT_SERVERS=${BASALT_BENCH_SERVERS:-$(pwd)/$target/bench/servers.json}

command -v python3 >/dev/null || { echo "python3 is missing: apt-get install python3"; exit 1; }
if [ -z "${BASALT_BENCH_BINARY:-}" ]; then
  make --no-print-directory web/dist/index.html || exit 1
  cargo build --locked --profile "$profile" -p basalt || exit 1
  BASALT_BENCH_BINARY=$target/$profile/basalt
fi
export BASALT_BENCH_BINARY=$(realpath "$BASALT_BENCH_BINARY")

cargo xtask servers status >/dev/null 2>&1 || trap 'cargo xtask servers down' EXIT
cargo xtask servers up --durable --only postgres || exit 1

echo "binary $BASALT_BENCH_BINARY; $(nproc) cores; load $(cut -d' ' -f1-3 /proc/loadavg)"
missed=0
[ $# -gt 0 ] || set -- start idle size first_statement versioned sync review gitops split scale big_store crash
for goal in "$@"; do
  PYTHONDONTWRITEBYTECODE=1 python3 "bench/$goal.py" || missed=1
done
exit $missed
