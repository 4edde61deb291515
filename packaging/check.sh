#!/bin/sh
# Runs what packaging/build.sh made where nothing else is: in bare Debians of other years, which debootstrap
# gets from where this machine's apt gets its packages, and in an empty folder. As root.
#
#   sh packaging/check.sh [RELEASE...]      bullseye and trixie unless told
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/setup.sh"

systems=$work/packaging/systems
mkdir -p "$systems"
[ "$(id -u)" -eq 0 ] || fail "Only root may chroot."
[ -e "$root/packaging/out" ] || fail "Nothing is there to be checked: sh packaging/build.sh makes it."

want debootstrap command -v debootstrap
want iproute2 command -v ip
want binutils command -v readelf
want openssl command -v openssl
want_python
install_missing || fail "Set-up failed."
make_venv "$root/tests/requirements.txt" || fail "pip could not install tests/requirements.txt"
[ -e "$root/build/ptvsd-dap" ] || PTVSD_DAP=$(ls "$root"/packaging/out/ptvsd-dap-linux-x64)
export PTVSD_DAP="${PTVSD_DAP-$root/build/ptvsd-dap}"

mirror() {
    . /etc/os-release
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        sed -n "s/ $VERSION_CODENAME$//p" | head -n 1
}

[ $# -gt 0 ] || set -- bullseye trixie
for release; do
    [ ! -d "$systems/$release" ] || continue
    say "== $release"
    rm -rf "$systems.new"
    # A C library's own names, and one of nsswitch's modules.
    debootstrap --variant=minbase --include=ca-certificates,libnss-myhostname "$release" "$systems.new" "$(mirror)" \
        >"$work/packaging/debootstrap.log" 2>&1 || fail "$(tail -n 5 "$work/packaging/debootstrap.log")
There is no bare $release; see $work/packaging/debootstrap.log"
    mv "$systems.new" "$systems/$release"
done

cd "$root"
check="$venv/bin/python -B -m pytest -q -raR -p no:cacheprovider tests/packaging/test_elsewhere.py"
# Fetches what the tests need while there is a network; there are none to be collected yet, which is status 5.
$check --collect-only >"$work/packaging/collect.log" 2>&1 || [ $? -eq 5 ] || fail "$(tail "$work/packaging/collect.log")"
exec env PTVSD_DAP_SYSTEMS="$systems" unshare --net sh -c "ip link set lo up && exec $check"
