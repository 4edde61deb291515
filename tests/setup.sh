# Sourced by demo/run.sh and tests/run.sh, with $root set to the top of the source tree: installs
# what a Debian system lacks, and builds. Does nothing, and needs no root, where all is there.

exec </dev/null
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
work=$root/build-run
venv=$work/venv
mkdir -p "$work"

say() {
    printf '%s\n' "$*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# want PACKAGE COMMAND...: the package is missing if the command fails
missing=
want() {
    want_package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $want_package"
}

want_build_tools() {
    want gcc command -v gcc
    want libc6-dev test -e /usr/include/stdio.h
    want meson command -v meson
    want ninja-build command -v ninja
    want pkg-config command -v pkg-config
    want libuv1-dev pkg-config --exists libuv
    want libcjson-dev pkg-config --exists libcjson
    want libssl-dev pkg-config --exists openssl
}

want_python() {
    want python3 command -v python3
    want python3-venv python3 -c 'import ensurepip, venv'
    want ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 "$@" \
        >>"$work/apt.log" 2>&1
}

# Says what it installs, and fails if that cannot be had; then the caller decides.
install_missing() {
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        say "This is no Debian; please install what Debian calls:$missing" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        say "Neither root nor sudo here; as root, please run: apt-get install$missing" >&2
        return 1
    fi
    say "Installing:$missing"
    # Its failure alone is no reason to stop: the lists at hand may do.
    [ -n "$lists_are_new" ] || apt update || say "apt-get update failed; going on with the lists there are"
    lists_are_new=yes
    if ! apt install --no-install-recommends $missing; then
        tail -n 5 "$work/apt.log" >&2
        return 1
    fi
    missing=
}
lists_are_new=

# No ptvsd up to 3.2.1 starts on Python 3.12 or later; PyPy is older at heart.
want_debuggee_python() {
    if python3 -c 'import sys; sys.exit(sys.version_info >= (3, 12))'; then
        debuggee_python=python3
    else
        debuggee_python=pypy3
        want pypy3 command -v pypy3
    fi
}

# make_venv [REQUIREMENTS]: a Python with pip, outside of the system's
make_venv() {
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || rm -rf "$venv"
    [ -d "$venv" ] || python3 -m venv "$venv" || fail "python3 -m venv failed"
    [ $# -eq 0 ] || cmp -s "$1" "$venv/requirements.txt" || {
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$1" &&
            cp "$1" "$venv/requirements.txt"
    }
}

# build NAME [MESON OPTION...]: build-run/NAME, from scratch if the tree was moved
build() {
    build_dir=$work/$1
    shift
    if [ "$(cat "$build_dir/.root" 2>/dev/null)" != "$root $*" ]; then
        rm -rf "$build_dir"
    fi
    mkdir -p "$build_dir"
    if [ ! -e "$build_dir/build.ninja" ]; then
        meson setup "$@" "$build_dir" "$root" >"$build_dir/build.log" 2>&1 || return 1
        printf '%s\n' "$root $*" >"$build_dir/.root"
    fi
    ninja -C "$build_dir" >"$build_dir/build.log" 2>&1
}

# fetch_ptvsd RELEASE: prints the directory for PYTHONPATH
fetch_ptvsd() {
    (cd "$root/tests/live" && "$venv/bin/python" -B -c \
        'import packages, sys; print(packages.ptvsd(sys.argv[1]))' "$1")
}
