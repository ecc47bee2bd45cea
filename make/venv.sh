#!/bin/sh
# Makes the virtual environment, once.
set -eu

[ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 && exit 0
python=$(sh make/find-python.sh)
echo "Laver et virtuelt miljø i .venv med $("$python" --version) …"
if ! "$python" -c 'import ensurepip' 2>/dev/null; then # Debian and Ubuntu split this part off
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    sh make/system.sh packages "Pythons modul venv" "$package" || exit 1
fi
"$python" -m venv --clear .venv
