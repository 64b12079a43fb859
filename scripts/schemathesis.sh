#!/usr/bin/env bash
# The REST interface against its own OpenAPI document: Schemathesis asks a real server with the demo's data, signed in as administrator.
# Fails on an answer of 5xx, an answer that the document does not describe, and a request against the document that is accepted.
#   BASALT_BIN           the server; default: the debug build of the target folder
#   BASALT_SCHEMATHESIS  requests for each operation, and chains of calls too: a longer run, e.g. 200
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${BASALT_BIN:-${CARGO_TARGET_DIR:-target}/debug/basalt}
examples=${BASALT_SCHEMATHESIS:-5}

if ! tools=$(scripts/python-tools.sh schemathesis scripts/schemathesis/requirements.txt); then
  [ "${CI:-}" = true ] && { echo "schemathesis: cannot be installed from PyPI" >&2; exit 1; }
  echo "SKIPPED: the REST interface: Schemathesis cannot be installed from PyPI"
  exit 0
fi
export PYTHONPATH=$tools PYTHONDONTWRITEBYTECODE=1

work=$(mktemp -d)
server=
"$binary" serve --demo --data "$work/data" --port 0 >"$work/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
url=
for _ in $(seq 300); do
  url=$(sed -n 's/.* serves \(http:[^ ]*\).*/\1/p' "$work/log" | head -n1)
  [ -n "$url" ] && break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.2
done
[ -n "$url" ] || { echo "schemathesis: the server does not start:" >&2; cat "$work/log" >&2; exit 1; }

# First everything that leaves the ground standing; then, short, what takes it away: the run's own account and session, its rights, the
# settings of signing in, and projects and instances, below which everything else lies.
last='^(AuthService_(Log(in|out)|Re.*)|UserService_(Delete|Update).*|SettingService_Update.*|ProjectService_(.*Delete.*)'
last+='|InstanceService_Delete.*|WorkspaceService_(Delete|Leave|Set|Update|Get).*)'
ask() { # what, arguments…
  echo "== $1"
  shift
  "$tools/bin/schemathesis" --config-file scripts/schemathesis/schemathesis.toml run "$url/api/openapi.json" --no-color "$@"
}
bad=0
more=(--phases examples,coverage,fuzzing)
[ -n "${BASALT_SCHEMATHESIS:-}" ] && more=(--phases examples,coverage,fuzzing,stateful)
ask "what leaves the ground standing" --max-examples "$examples" "${more[@]}" --exclude-operation-id-regex "$last" || bad=1
ask "what takes it away" --max-examples "$examples" --phases fuzzing --include-operation-id-regex "$last" || bad=1

# What went wrong inside is in the log, also when the answer looked right.
if grep -E ' ERROR | panicked at ' "$work/log"; then
  bad=1
fi
[ "$bad" = 0 ] && echo "schemathesis: ok"
exit "$bad"
