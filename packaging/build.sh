#!/bin/sh
# Makes what is given to others: for each target packaging/out/ptvsd-dap-TARGET, which needs nothing but
# a C library of the last ten years (alpine-…: not even that), and the extension for VS Code with it inside.
#
#   sh packaging/build.sh [TARGET...]      linux-x64 and alpine-x64 unless told
#
# On a Debian 12 or newer, as root or a user with sudo; it installs what is missing. The libraries are
# Debian's sources, from where this machine's apt gets its packages; zig, the compiler, is PyPI's.
# Some minutes at first, most of them OpenSSL's; what was built stays in build-run/packaging.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/setup.sh"
. "$root/packaging/libraries.sh"

here=$root/packaging
out=$here/out
cache=$work/packaging
venv=$cache/venv
sources=$cache/sources
libraries="libuv1 cjson openssl expat"
mkdir -p "$out" "$cache/bin" "$sources"

# The names are those of vsce's --target; old enough a glibc: CentOS 7, Debian 8, Ubuntu 14.04.
describe() {
    case $1 in
    linux-x64) triple=x86_64-linux-gnu.2.17 cpu=x86_64 openssl_target=linux-x86_64 ;;
    alpine-x64) triple=x86_64-linux-musl cpu=x86_64 openssl_target=linux-x86_64 ;;
    *) fail "No target is called $1. There are linux-x64 and alpine-x64." ;;
    esac
    stage=$cache/$1
}

# ---- what it takes

set_up() {
    want gcc command -v gcc # meson asks for this machine's own
    want libc6-dev test -e /usr/include/stdio.h
    want meson command -v meson
    want ninja-build command -v ninja
    want pkg-config command -v pkg-config
    want cmake command -v cmake
    want make command -v make
    want perl perl -MIPC::Cmd -e 1
    want dpkg-dev command -v dpkg-source
    want_python
    install_missing || fail "Set-up failed."
    make_venv "$here/requirements.txt" || fail "pip could not install packaging/requirements.txt"
    PATH=$cache/bin:$venv/bin:$PATH
    export ZIG_GLOBAL_CACHE_DIR="$cache/zig" ZIG_LOCAL_CACHE_DIR="$cache/zig"
    # Nothing that is made should tell when or where.
    SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null) || SOURCE_DATE_EPOCH=1
    export SOURCE_DATE_EPOCH
}

# ---- the libraries

# Only when a version or the way of building changed.
build_libraries() {
    libraries_state=$(cd "$sources" && cat */version "$here/libraries.sh" "$here/requirements.txt" | cksum)
    [ "$(cat "$stage/state" 2>/dev/null)" != "$libraries_state" ] || return 0
    rm -rf "$stage"
    mkdir -p "$stage/usr/lib/pkgconfig"
    for library in $libraries; do
        say "== $1: $library $(cat "$sources/$library/version")"
        (set -eu && build_$library "$1") >"$cache/$1-$library.log" 2>&1 ||
            fail "$(tail -n 20 "$cache/$1-$library.log")
$library could not be built for $1; see $cache/$1-$library.log"
    done
    printf '%s\n' "$libraries_state" >"$stage/state"
}

# ---- ptvsd-dap

build_adapter() {
    cat >"$stage/cross" <<EOF
[binaries]
c = '$cc'
ar = '$cache/bin/zig-ar'
pkgconfig = 'pkg-config'
[properties]
sys_root = '$stage'
pkg_config_libdir = ['$stage/usr/lib/pkgconfig']
[built-in options]
c_link_args = ['-s', '-Wl,--gc-sections', '-Wl,-z,relro,-z,now']
[host_machine]
system = 'linux'
cpu_family = '$cpu'
cpu = '$cpu'
endian = 'little'
EOF
    [ -e "$stage/ptvsd-dap/build.ninja" ] ||
        meson setup --cross-file "$stage/cross" --buildtype=release -Dprefer_static=true -Dtests=false \
            -Dexpat=enabled "$stage/ptvsd-dap" "$root" || return 1
    ninja -C "$stage/ptvsd-dap" ptvsd-dap || return 1
    cp "$stage/ptvsd-dap/ptvsd-dap" "$out/ptvsd-dap-$1"
}

# The licences of what is inside ask to be given along.
write_notices() {
    printf 'ptvsd-dap holds these libraries, as Debian has them.\n' >"$out/NOTICES.txt"
    for library in $libraries; do
        printf '\n==== %s %s\n\n' "$library" "$(cat "$sources/$library/version")" >>"$out/NOTICES.txt"
        cat "$(tree $library)/debian/copyright" >>"$out/NOTICES.txt"
    done
}

# ---- the extension

# vsce wants a newer node than Debian 12 has; PyPI has one.
want_node() {
    node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null && command -v npm >/dev/null && return
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements-node.txt" ||
        fail "The extension needs node 20 and npm; here is neither, and pip has none."
}

pack_extension() {
    PTVSD_DAP=$out/ptvsd-dap-$1 NOTICES=$out/NOTICES.txt \
        sh "$root/vscode-extension/package.sh" --target "$1" --out "$out/" >"$cache/$1-vsix.log" 2>&1 ||
        fail "$(tail -n 20 "$cache/$1-vsix.log")
The extension could not be packed; see $cache/$1-vsix.log"
}

[ $# -gt 0 ] || set -- linux-x64 alpine-x64
for target; do describe "$target"; done
set_up
list_sources
for library in $libraries; do fetch "$library"; done
write_notices
want_node
for target; do
    describe "$target"
    cc=$cache/bin/cc-$target
    make_compiler "$target"
    build_libraries "$target"
    say "== $target: ptvsd-dap"
    build_adapter "$target" >"$cache/$target.log" 2>&1 || fail "$(tail -n 20 "$cache/$target.log")
ptvsd-dap could not be built for $target; see $cache/$target.log"
    pack_extension "$target"
done
ls -l "$out"
