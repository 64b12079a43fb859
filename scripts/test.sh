#!/usr/bin/env bash
# `make test`: packaging, real servers, the console, all Rust tests, the REST interface, browser tests; then the results once more, last.
# Servers that ran before stay; those started here are stopped, also after a failure.
# Arguments: what cargo test gets.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
log=$target/test-log
mkdir -p "$log"

# Seconds, so before what takes long.
packaging=0
packaging/check.sh 2>&1 | tee "$log/packaging.txt" || packaging=$?

cargo xtask servers status >/dev/null 2>&1 || trap 'cargo xtask servers down' EXIT
cargo xtask servers up
if [ -f web/package.json ] || [ "${CI:-}" = true ]; then
  make --no-print-directory web/dist/index.html
fi

rust=0
INSTA_UPDATE=no cargo test "$@" --no-fail-fast 2>&1 | tee "$log/cargo.txt" || rust=$?
rest=0
scripts/schemathesis.sh 2>&1 | tee "$log/schemathesis.txt" || rest=$?
browser=0
if [ -f e2e/package.json ] || [ "${CI:-}" = true ]; then
  scripts/e2e.sh 2>&1 | tee "$log/playwright.txt" || browser=$?
else
  echo "SKIPPED: no browser tests: e2e/package.json is not there" | tee "$log/playwright.txt"
fi

echo
echo "== results"
grep -hoE '(SKIPPED|MYSQL97 MISSING|OIDC MISSING): .*' "$log"/*.txt | sort | uniq -c || true
grep -hE '^(archive|systemd|helm): ok|FAILED' "$log/packaging.txt" || echo "packaging: no result"
grep -hE '^schemathesis: |^=+ .*(failure|error|No issues)' "$log/schemathesis.txt" || echo "schemathesis: no result"
grep -hE '^ +([0-9]+ (passed|failed|flaky|skipped|did not run))' "$log/playwright.txt" | sed 's/^ */playwright: /' || echo "playwright: no result"
grep -hE '^test .* FAILED$' "$log/cargo.txt" || true
# One closing line over all test binaries, in cargo's own words.
awk '/^test result: /{ n++; if ($3 != "ok.") bad = 1
       for (i = 4; i < NF; i++) { if ($(i+1) == "passed;") p += $i; if ($(i+1) == "failed;") f += $i; if ($(i+1) == "ignored;") g += $i } }
     END { printf "test result: %s %d passed; %d failed; %d ignored; in %d test binaries\n", (bad || !n) ? "FAILED." : "ok.", p, f, g, n }' "$log/cargo.txt"
[ "$rust" = 0 ] && [ "$browser" = 0 ] && [ "$packaging" = 0 ] && [ "$rest" = 0 ]
