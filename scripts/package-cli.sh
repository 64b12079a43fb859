#!/usr/bin/env bash
# `make package-cli`: the commands of pipelines alone, as a static binary dist/basalt-cli of at most 15 MB, and its archive.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
triple=x86_64-unknown-linux-gnu
most=$((15 * 1000 * 1000))

RUSTFLAGS="-C target-feature=+crt-static" cargo build --locked --release --target "$triple" -p basalt --no-default-features --features cli
mkdir -p dist
cp "$target/$triple/release/basalt" dist/basalt-cli

# A static program needs no interpreter; ldd says so in one of two ways.
linked=$(ldd dist/basalt-cli 2>&1 || true)
case $linked in
  *"statically linked"* | *"not a dynamic executable"*) echo "static: yes" ;;
  *) echo "dist/basalt-cli is not static:" >&2; echo "$linked" >&2; exit 1 ;;
esac
size=$(stat -c %s dist/basalt-cli)
echo "dist/basalt-cli: $size bytes (at most $most)"
[ "$size" -le "$most" ]
env -i dist/basalt-cli version
scripts/archive.sh basalt-cli dist/basalt-cli dist
