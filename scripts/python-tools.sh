#!/usr/bin/env bash
# Installs tools from PyPI that tests need, apart from the checkout: scripts/python-tools.sh NAME REQUIREMENTS
# Prints the folder, which is a PYTHONPATH and has the programs in bin/. Another list, or another Python, gets another folder. Several may ask at once.
set -euo pipefail
name=$1 wanted=$(realpath "$2")
place=${XDG_CACHE_HOME:-$HOME/.cache}/basalt-tools
root=$place/$name-$( (python3 --version; cat "$wanted") | sha256sum | cut -c1-12)
mkdir -p "$place"
exec 9>"$place/$name.lock"
flock 9
if [ ! -e "$root/.complete" ]; then
  echo "installing $name from PyPI, kept in $root" >&2
  rm -rf "$root"
  # Not a venv, which Debian has in a package of its own: a folder of packages serves as well.
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-cache-dir --only-binary=:all: --target "$root" -r "$wanted" >&2 9>&-
  touch "$root/.complete"
fi
echo "$root"
