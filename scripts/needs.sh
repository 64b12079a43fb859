#!/usr/bin/env bash
# Names everything that `make run` needs and this machine lacks, with the command that installs it.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=0
lacks() { # what, command that installs it
  echo "missing: $1" >&2
  echo "    $2" >&2
  missing=1
}
at_least() { # version wanted
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]
}

rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
if ! command -v cargo >/dev/null; then
  lacks "cargo (Rust $rust or newer)" "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . ~/.cargo/env"
elif ! at_least "$(rustc --version | cut -d' ' -f2)" "$rust"; then
  lacks "Rust $rust or newer (here: $(rustc --version))" "rustup update stable"
fi

node=$(sed -n 's/.*"node": ">=\([0-9.]*\)".*/\1/p' web/package.json)
if ! command -v node >/dev/null || ! at_least "$(node --version | tr -d v)" "$node"; then
  lacks "Node.js $node or newer" "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install -y nodejs"
elif ! command -v npm >/dev/null; then
  lacks "npm" "sudo apt-get install -y npm"
fi

for tool in cc make; do
  command -v "$tool" >/dev/null || lacks "$tool" "sudo apt-get install -y build-essential"
done

exit "$missing"
