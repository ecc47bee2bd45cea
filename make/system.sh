#!/bin/sh
# The few things that must come from the system. Installs them when it may (root on Debian/Ubuntu), else names the command.
#   system.sh pango              WeasyPrint's text layout
#   system.sh chromium           the browser of the browser tests
#   system.sh java               veraPDF, in `make drill`
#   system.sh packages WHAT PACKAGE…
set -eu

has() { command -v "$1" >/dev/null 2>&1; }

# need_packages WHAT PACKAGE…: Debian's names; others see their own command, where we know it.
need_packages() {
    what=$1
    shift
    if has apt-get && [ "$(id -u)" = 0 ]; then
        echo "Installerer $what: apt-get install $* …"
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 && return 0
        apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "$@" >/dev/null && return 0
        echo "Det lykkedes ikke. Prøv selv: apt-get update && apt-get install $*" >&2
        return 1
    fi
    {
        echo
        echo "$what mangler på denne maskine. Installér med denne kommando, og kør så samme make igen:"
        echo "(Missing system library; install it with this command, then run the same make again:)"
        if has apt-get; then echo "    sudo apt-get update && sudo apt-get install $*"
        elif has dnf; then echo "    sudo dnf install ${dnf:-$*}"
        elif has brew; then echo "    brew install ${brew:-$*}"
        elif has zypper; then echo "    sudo zypper install ${dnf:-$*}"
        elif has pacman; then echo "    sudo pacman -S ${dnf:-$*}"
        else echo "    (pakken hedder $* i Debian)"
        fi
        echo
    } >&2
    return 1
}

need_pango() {
    .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1 && return 0
    dnf=pango brew=pango need_packages "Pango (skrifter i PDF)" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    .venv/bin/python -c 'import weasyprint'
}

need_java() {
    java -version >/dev/null 2>&1 && [ -f "${JAXB:-/usr/share/java}/jaxb-runtime.jar" ] && return 0
    need_packages "Java og JAXB (veraPDF)" default-jre-headless libjaxb-java
}

need_chromium() {
    [ -n "${CHROMIUM:-}" ] && return 0
    for name in chromium google-chrome google-chrome-stable chromium-browser; do
        # Ubuntu's chromium-browser may be a mere signpost to a snap: ask it, don't just look for it.
        if has "$name" && "$name" --version >/dev/null 2>&1; then return 0; fi
    done
    [ -x "$(.venv/bin/python make/playwright_chromium.py)" ] && return 0
    if has apt-get && ! grep -qs '^ID=ubuntu' /etc/os-release; then
        need_packages "Chromium (til browsertest)" chromium
        return
    fi
    # Ubuntu has no Chromium package but the snap; Playwright brings its own, and the libraries it needs.
    if has apt-get && [ "$(id -u)" = 0 ]; then
        echo "Installerer Chromium (til browsertest): playwright install --with-deps chromium …"
        .venv/bin/python -m playwright install --with-deps chromium
        return
    fi
    {
        echo
        echo "Chromium (til browsertest) mangler på denne maskine. Hent den med denne kommando, og kør så samme make igen:"
        echo "(Chromium is missing; fetch it with this command, then run the same make again:)"
        echo "    .venv/bin/python -m playwright install --with-deps chromium"
        echo
    } >&2
    return 1
}

need=need_$1
shift
"$need" "$@"
