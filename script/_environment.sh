# Sourced by the other scripts: makes .venv from a hashed lock, once, and again when the lock has changed.
# Usage: prepare_environment LOCKFILE   (afterwards "$VENV/bin" holds python and mutualaid)

ROOT=$(cd "$(dirname "$0")/.." && pwd)
VENV=${MUTUALAID_VENV:-$ROOT/.venv}

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo "$@"; else return 1; fi
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.maxsize < 2**32)' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
    say "This needs a 64-bit Python, version 3.11 or newer. On Debian, Ubuntu and Raspberry Pi OS: sudo apt install python3 python3-venv"
    return 1
}

make_venv() {
    python=$(find_python) || exit 1
    if ! "$python" -m venv "$VENV" >/dev/null 2>&1; then
        rm -rf "$VENV"
        say "Python's venv module is missing; installing python3-venv with apt ..."
        as_root apt-get update -qq >/dev/null 2>&1 || true
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null 2>&1 || {
            say "Could not install it. Please run: sudo apt install python3-venv"
            exit 1
        }
        "$python" -m venv "$VENV"
    fi
}

# Other people's front-end files (ui/frontend): fetched once, and again when their lock has changed. All works without
# them, so nothing stops where they cannot be had.
prepare_frontend() {
    fill="$VENV/bin/python -m ui.frontend.filling"
    (cd "$ROOT" && $fill 2>/dev/null) && return
    if ! command -v npm >/dev/null 2>&1; then
        say "There is no npm here; taking it from PyPI this once, for the map (60 MB) ..."
        node=$(mktemp -d)
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --target "$node" \
            -r "$ROOT/script/requirements-node.txt" && (cd "$ROOT" && PYTHONPATH=$node $fill) && rm -rf "$node" && return
        rm -rf "$node"
    fi
    say "The files of the live map could not be fetched. Everything else works; the next start tries again."
}

prepare_environment() {
    lock=$ROOT/script/$1
    stamp=$VENV/.installed-$1
    wanted=$(cat "$lock" "$ROOT/setup.cfg" "$ROOT/pyproject.toml" | sha256sum)
    if [ ! -x "$VENV/bin/python" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        [ -x "$VENV/bin/python" ] || make_venv
        say "Installing what the node needs into $VENV (a few minutes on a small board) ..."
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
        prepare_frontend
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e "$ROOT"
        printf '%s\n' "$wanted" >"$stamp"
    else
        prepare_frontend
    fi
}
