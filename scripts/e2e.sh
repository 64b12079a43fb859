#!/usr/bin/env bash
# Browser tests (Playwright, Debian's Chromium) against the real binary built with test-hooks.
# `--screenshots` takes the pictures instead. Tells Playwright: BASALT_BIN, BASALT_SERVERS.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")

scripts/browser.sh
make --no-print-directory web/dist/index.html
# The same command line as the Rust tests', so that after `cargo test` this builds nothing anew.
cargo test --locked --workspace --features basalt/test-hooks --no-run --quiet
# Servers that ran before stay; those started here are stopped, also after a failure.
cargo xtask servers status >/dev/null 2>&1 || trap 'cargo xtask servers down' EXIT
cargo xtask servers up

export BASALT_BIN=$target/debug/basalt
export BASALT_SERVERS=${BASALT_SERVERS:-$target/servers.json}
cd e2e
if [ "${1:-}" = --screenshots ]; then
  npm run screenshots
else
  npx playwright test "$@"
fi
