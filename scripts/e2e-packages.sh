#!/usr/bin/env bash
# Installs the packages of the browser tests, which hold the OpenID Connect provider of the Rust tests too. Several may ask at once.
set -euo pipefail
cd "$(dirname "$0")/../e2e"
exec 9<package-lock.json
flock 9
# npm writes this file last, so it stands for a finished install.
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  # What npm starts in the background must not hold the lock.
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error 9>&-
  touch node_modules/.package-lock.json
fi
