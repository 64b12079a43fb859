#!/usr/bin/env bash
# What browser tests need beside the binary: Debian's Chromium, and the packages of e2e/. Installed once.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -x /usr/bin/chromium ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "missing: Chromium" >&2
    echo "    sudo apt-get install --no-install-recommends -y chromium" >&2
    exit 1
  fi
  echo "installing chromium"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq -o DPkg::Lock::Timeout=300 update
  apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends chromium >/dev/null
fi
scripts/e2e-packages.sh
