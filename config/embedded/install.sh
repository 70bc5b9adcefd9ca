#!/bin/sh
# Makes .venv and installs requirements/base.txt or dev.txt into it, unless that is done: install.sh base|dev
set -eu

wanted=$1
requirements=requirements/$wanted.txt

fail() {
    echo "$1" >&2
    exit 1
}

# What an installation depends on; says nothing if the environment does not work.
state_of() {
    cksum <"requirements/$1.txt" && .venv/bin/python -VV 2>/dev/null
}

installed() {
    [ -f ".venv/.installed-$1" ] && [ "$(state_of "$1")" = "$(cat ".venv/.installed-$1")" ]
}

with_uv() {
    command -v uv >/dev/null 2>&1
}

# uv needs neither venv's ensurepip nor pip.
find_python() {
    incomplete=
    for python in python3.14 python3.13 python3.12 python3.11 python3; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        if with_uv || "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            return
        fi
        incomplete=$python
    done
    [ -z "$incomplete" ] ||
        fail "$incomplete can't make virtual environments: install its venv package (Debian, Ubuntu: apt install python3-venv)."
    fail "Python 3.11 or newer is needed and was not found: install it (Debian, Ubuntu: apt install python3; macOS: brew install python)."
}

usable() {
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
        { with_uv || .venv/bin/python -m pip --version >/dev/null 2>&1; }
}

# dev holds all of base.
installed dev && exit
[ "$wanted" = base ] && installed base && exit
[ -w . ] || fail "$PWD is not writable for you: make it yours with chown, or use a copy that you own."

if ! usable; then
    find_python
    echo "Making .venv with $python …"
    if with_uv; then uv venv --quiet --clear --python "$python" .venv; else "$python" -m venv --clear .venv; fi
fi

echo "Installing what $requirements names; this takes a minute the first time …"
# The stamps go first and come last, so that an interrupted installation leaves none.
rm -f .venv/.installed-*
if with_uv; then
    uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r "$requirements"
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
fi || fail "Installing failed; the lines above say why. Run the command again to go on."
state_of "$wanted" >.venv/.installed-new
mv .venv/.installed-new ".venv/.installed-$wanted"
