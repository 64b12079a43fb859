#!/usr/bin/env bash
# Holds what is in packaging/ against the tools that will read it: systemd, tar and sha256sum, Helm. Builds nothing.
# What cannot be had is told as SKIPPED; with CI=true it fails.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skipped() {
  [ "${CI:-}" = true ] && { echo "packaging: $1" >&2; exit 1; }
  echo "SKIPPED: packaging: $1"
}
must() { # what, command…
  local what=$1
  shift
  "$@" || { echo "packaging: FAILED: $what" >&2; exit 1; }
}

# A stand-in says what the archive asks of the binary.
cat >"$work/basalt" <<'BINARY'
#!/bin/sh
case $1 in
  version) echo 'basalt 1.2.3 (0123abc, x86_64)' ;;
  completion) echo "# completion for $2" ;;
esac
BINARY
chmod 755 "$work/basalt"
files=(README.md docs/howto/install.md packaging/systemd/basalt.service packaging/systemd/basalt.env)
export SOURCE_DATE_EPOCH=1700000000
for out in one two; do
  scripts/archive.sh basalt "$work/basalt" "$work/$out" "${files[@]}" >/dev/null
  scripts/archive.sh basalt-cli "$work/basalt" "$work/$out" >/dev/null
  # What a build leaves behind besides the content must not show.
  sleep 1
  (umask 077 && cp "$work/basalt" "$work/again" && chmod 700 "$work/again" && mv "$work/again" "$work/basalt")
done
must "the same files give the same bytes" diff -r "$work/one" "$work/two"
(cd "$work/one" && must "sha256sum -c" sha256sum --check --strict --quiet SHA256SUMS)
must "every archive has its sum" [ "$(cut -c67- "$work/one/SHA256SUMS" | xargs)" = "basalt-1.2.3-linux-x86_64.tar.gz basalt-cli-1.2.3-linux-x86_64.tar.gz" ]
tar -xzf "$work/one/basalt-1.2.3-linux-x86_64.tar.gz" -C "$work"
must "the binary of the archive runs" [ "$("$work/basalt-1.2.3-linux-x86_64/basalt" version)" = "basalt 1.2.3 (0123abc, x86_64)" ]
must "what the archive holds" diff - <(cd "$work/basalt-1.2.3-linux-x86_64" && find . -type f | LC_ALL=C sort) <<'LIST'
./LICENSE
./README.md
./basalt
./basalt.env
./basalt.service
./completions/basalt.bash
./completions/basalt.fish
./completions/basalt.zsh
./install.md
LIST
must "owners are numbers" [ "$(tar -tvzf "$work/one/basalt-1.2.3-linux-x86_64.tar.gz" --numeric-owner | awk '{ print $2 }' | sort -u)" = 0/0 ]
echo 'echo basalt dev' >"$work/basalt"
if scripts/archive.sh basalt "$work/basalt" "$work/three" >/dev/null 2>&1; then
  must "a binary without a version is refused" false
fi
echo "archive: ok"

if command -v systemd-analyze >/dev/null; then
  # It looks whether the program is there.
  unit=$work/basalt.service
  sed "s|/usr/local/bin/basalt|$(command -v true)|" packaging/systemd/basalt.service >"$unit"
  told=$(systemd-analyze verify --man=no "$unit" 2>&1) || true
  must "systemd-analyze verify: $told" [ -z "$told" ]
  # 0 to 100: 12 is reached; network access is what it costs.
  must "systemd-analyze security" systemd-analyze security --offline=true --threshold=15 --no-pager "$unit" >"$work/security" 2>&1
  echo "systemd: ok ($(sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/exposure \1 of 10/p' "$work/security"))"
else
  skipped "systemd-analyze is missing: apt-get install systemd"
fi
# Every variable that the settings name is one of the server's.
while read -r variable; do
  must "basalt.env names $variable, which no flag has" grep -q "env = \"$variable\"" crates/basalt/src/cli/args.rs
done < <(grep -oE '^#?BASALT_[A-Z_]+' packaging/systemd/basalt.env | tr -d '#'; grep -ohE 'BASALT_[A-Z_]+' packaging/helm/basalt/templates/*.yaml)

if tools=$(scripts/python-tools.sh helm packaging/helm/requirements.txt); then
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$tools python3 packaging/helm/check.py
else
  skipped "Helm cannot be installed from PyPI"
fi
