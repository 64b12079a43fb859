#!/usr/bin/env bash
# A release archive from a binary that is built: scripts/archive.sh NAME BINARY FOLDER [FILE…]
# makes FOLDER/NAME-VERSION-linux-x86_64.tar.gz (the binary, its licence, completions, the files) and SHA256SUMS over all archives of
# FOLDER. The same files give the same bytes: SOURCE_DATE_EPOCH is the time of everything inside, else that of the last commit.
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 binary=$(realpath "$2") out=$(realpath -m "$3")
shift 3

# In the binary's own words, so that the name never says another version than what is inside.
version=$("$binary" version | awk 'NR == 1 { print $2 }')
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([-+.0-9A-Za-z]*)$ ]] || { echo "$binary tells no version: $version" >&2; exit 1; }
when=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}

root=$name-$version-linux-x86_64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$root/completions" "$out"
install -m 755 "$binary" "$work/$root/basalt"
install -m 644 LICENSE "$@" "$work/$root/"
for shell in bash zsh fish; do
  "$binary" completion "$shell" >"$work/$root/completions/basalt.$shell"
done
chmod -R u=rwX,go=rX "$work/$root"
tar --create --directory "$work" --format=gnu --sort=name --mtime="@$when" --owner=0 --group=0 --numeric-owner "$root" \
  | gzip --no-name --best >"$out/$root.tar.gz"
(cd "$out" && LC_ALL=C sha256sum ./*.tar.gz | sed 's| \./| |' >SHA256SUMS)
echo "$out/$root.tar.gz: $(stat -c %s "$out/$root.tar.gz") bytes"
