#!/usr/bin/env bash
# `make package`: the static release binary in dist/, proven static and tried in an empty folder, and its archive.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "Compiling the release: about fifteen minutes the first time on two cores."
scripts/static-build.sh basalt

# An empty folder, an empty environment, no arguments but a port that is likely free: it must answer.
empty=$(mktemp -d)
binary=$(realpath dist/basalt)
port=$((20000 + RANDOM % 20000))
(cd "$empty" && exec env -i "$binary" serve --port "$port") >"$empty.log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null || true; rm -rf "$empty" "$empty.log"' EXIT
healthy() { # plain bash, because a fresh machine may have no curl
  exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3
}
for _ in $(seq 100); do
  if (healthy) 2>/dev/null; then
    echo "starts in an empty folder: yes"
    echo "dist/basalt: $(du -m dist/basalt | cut -f1) MB"
    scripts/archive.sh basalt dist/basalt dist README.md docs/howto/install.md packaging/systemd/basalt.service packaging/systemd/basalt.env
    exit 0
  fi
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.1
done
echo "dist/basalt does not answer on /healthz within 10 s:" >&2
cat "$empty.log" >&2
exit 1
