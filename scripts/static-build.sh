#!/usr/bin/env bash
# The release binary as dist/NAME, proven static, with the commit it is made from. Arguments: NAME, and what cargo build gets beside the package.
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1
shift
target=${CARGO_TARGET_DIR:-target}
triple=x86_64-unknown-linux-gnu

# Outside of a checkout, as in an archive of the sources, nobody knows it.
if [ -z "${BASALT_GIT_COMMIT:-}" ] && commit=$(git rev-parse --short=12 HEAD 2>/dev/null); then
  [ -z "$(git status --porcelain --untracked-files=no)" ] || commit=$commit-changed
  export BASALT_GIT_COMMIT=$commit
fi
RUSTFLAGS="-C target-feature=+crt-static" cargo build --locked --release --target "$triple" -p basalt "$@"
mkdir -p dist
cp "$target/$triple/release/basalt" "dist/$name"

# A static program needs no interpreter; ldd says so in one of two ways.
linked=$(ldd "dist/$name" 2>&1 || true)
case $linked in
  *"statically linked"* | *"not a dynamic executable"*) echo "static: yes" ;;
  *) echo "dist/$name is not static:" >&2; echo "$linked" >&2; exit 1 ;;
esac
env -i "dist/$name" version
