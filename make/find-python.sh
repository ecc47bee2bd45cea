#!/bin/sh
# Prints the path of a Python that is new enough (3.12), or says how to get one. PYTHON=/path/to/python decides instead.
set -u

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

wanted="python$(cat .python-version 2>/dev/null)"
for candidate in ${PYTHON:+"$PYTHON"} "$wanted" python3.13 python3.12 python3.14 python3 python \
    "$HOME"/.local/bin/python3.1[2-9] "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python3 /opt/homebrew/bin/python3.1[2-9]; do
    if is_new_enough "$candidate"; then
        # uv lays a mere link in ~/.local/bin; an environment made through it would look for Python's library beside the link.
        "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))'
        exit 0
    fi
done

{
    echo
    echo "Pejlemærker skal bruge Python 3.12 eller nyere. Her er: $(python3 --version 2>/dev/null || echo 'ingen Python')."
    echo "(Pejlemærker needs Python 3.12 or newer.)"
    echo
    echo "Sådan får du en nyere, uden at røre systemets egen (how to get a newer one beside the system's own):"
    if [ "$(uname)" = Darwin ]; then
        echo "    brew install python@3.13"
    else
        echo "    Debian 13, Ubuntu 24.04 og nyere:  sudo apt-get install python3 python3-venv"
        echo "    Fedora, RHEL:                      sudo dnf install python3.13"
        echo "    alle andre:                        python3 -m venv ~/.uv && ~/.uv/bin/pip install uv && ~/.uv/bin/uv python install 3.13"
    fi
    echo "og kør så samme kommando igen (then run the same command again). PYTHON=/sti/til/python vælger en bestemt."
    echo
} >&2
exit 1
