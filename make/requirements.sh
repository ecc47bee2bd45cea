#!/bin/sh
# Pins every package with its hashes, for all platforms, without spelling out a registry's address.
#   requirements.sh [--upgrade]
set -eu

compile() {
    output=requirements/$1.txt
    shift
    UV_CUSTOM_COMPILE_COMMAND="make requirements" .venv/bin/python -m uv pip compile pyproject.toml --quiet \
        --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links \
        --output-file "$output" "$@"
}

compile dev --extra demo --extra dev "$@"
compile drill --extra drill --constraint requirements/dev.txt "$@"
compile demo --extra demo --constraint requirements/dev.txt
compile base --constraint requirements/dev.txt
.venv/bin/python make/npm.py install --package-lock-only --ignore-scripts --loglevel=error >/dev/null

if grep -rnE 'https?://' requirements package-lock.json; then
    echo "En adresse på et pakkelager er skrevet ind; det må den ikke." >&2
    exit 1
fi
