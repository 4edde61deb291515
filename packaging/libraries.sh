# Sourced by build.sh: where the libraries' sources come from, what compiles them, and how each is built.
# Whoever changes this file has all of them built anew.

# ---- the libraries' sources

# apt for sources: the places are this machine's, the lists are ours.
apt_sources() {
    apt_sources_command=$1
    shift
    "$apt_sources_command" -q -o Dir::Etc::sourcelist="$sources/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::State::lists="$sources/lists" -o APT::Sandbox::User=root "$@"
}

# Debian's own alone, of this release: others may have no sources, or other libraries. The release itself comes
# first: of two places with the same version the archive of security updates is the one that may lag.
list_sources() {
    . /etc/os-release
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u -k2 |
        sed -nE "s/^([^ ]+) ($VERSION_CODENAME(-updates|-security)?) main$/deb-src \1 \2 main/p" >"$sources/new.list"
    [ -s "$sources/new.list" ] || fail "apt knows no place for Debian $VERSION_CODENAME; please add one to its sources."
    mkdir -p "$sources/lists/partial"
    mv "$sources/new.list" "$sources/sources.list"
    apt_sources apt-get update >"$cache/apt.log" 2>&1 || fail "apt-get update failed; see $cache/apt.log"
}

# fetch SOURCE: into $sources/SOURCE. An archive may lag behind its own lists; then the version before.
fetch() {
    set -- "$1" "$(apt_sources apt-cache showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -uVr)"
    mkdir -p "$sources/$1"
    for version in $2; do
        [ "$(cat "$sources/$1/version" 2>/dev/null)" != "$version" ] || return 0
        rm -rf "${sources:?}/$1" && mkdir "$sources/$1"
        if (cd "$sources/$1" && apt_sources apt-get source "$1=$version") >>"$cache/apt.log" 2>&1; then
            printf '%s\n' "$version" >"$sources/$1/version"
            return 0
        fi
        say "!! The archive does not give out $1 $version, which it lists; trying the one before." >&2
    done
    fail "No source of $1 could be had; see $cache/apt.log"
}

# tree SOURCE: the folder that apt-get source made of it
tree() {
    find "$sources/$1" -mindepth 1 -maxdepth 1 -type d
}

# ---- the compiler

# zig as a C compiler for $triple, as the build systems know one: meson asks the linker for its name, and
# for macros with -dM, where zig passes on a triple that clang does not know.
make_compiler() {
    cat >"$cache/bin/cc-$1" <<EOF
#!/bin/sh
target=$triple
case " \$* " in
*" -Wl,--version "*) echo "LLD (zig)" && exit ;;
*" -dM "*) target=\${target%%.*} ;;
esac
exec "$venv/bin/python" -m ziglang cc -target "\$target" -fno-sanitize=undefined -UNDEBUG \\
    -ffile-prefix-map="$cache"=. "\$@"
EOF
    chmod 755 "$cache/bin/cc-$1"
    for tool in ar ranlib; do
        printf '#!/bin/sh\nexec "%s" -m ziglang %s "$@"\n' "$venv/bin/python" $tool >"$cache/bin/zig-$tool"
        chmod 755 "$cache/bin/zig-$tool"
    done
    flags="-O2 -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffunction-sections -fdata-sections"
}

# ---- the libraries: build_LIBRARY TARGET, into $stage/usr

# OPENSSLDIR is on no machine, so that no distribution's openssl.cnf, written for another OpenSSL, is read;
# where its certificates are, adapter/tls_anchors.c knows.
build_openssl() {
    cp -r "$(tree openssl)" "$stage/openssl" && cd "$stage/openssl"
    CC=cc-$1 AR=zig-ar RANLIB=zig-ranlib CFLAGS=$flags perl Configure $openssl_target --prefix=/usr --libdir=lib \
        --openssldir=/etc/ptvsd-dap no-shared no-module no-engine no-dso no-async no-tests no-legacy no-ssl3 \
        no-idea no-mdc2 no-rc5 no-comp no-cms no-ts no-ui-console
    make -s -j2 build_libs
    make -s install_dev DESTDIR="$stage"
}

cmake_library() {
    cmake_source=$1 cmake_build=$2
    shift 2
    cmake -S "$cmake_source" -B "$cmake_build" -G Ninja -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=$cpu \
        -DCMAKE_C_COMPILER="$cc" -DCMAKE_AR="$cache/bin/zig-ar" -DCMAKE_RANLIB="$cache/bin/zig-ranlib" \
        -DCMAKE_C_FLAGS="$flags" -DCMAKE_BUILD_TYPE=None -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR=lib \
        -DBUILD_SHARED_LIBS=OFF "$@"
}

# Its own installation would build the shared library, too.
build_libuv1() {
    cmake_library "$(tree libuv1)" "$stage/libuv" -DBUILD_TESTING=OFF -DLIBUV_BUILD_TESTS=OFF
    ninja -C "$stage/libuv" uv_a
    cp -r "$(tree libuv1)/include" "$stage/usr/"
    cp "$stage/libuv/libuv_a.a" "$stage/usr/lib/libuv.a"
    cp "$stage/libuv/libuv.pc" "$stage/usr/lib/pkgconfig/"
}

build_cjson() {
    cmake_library "$(tree cjson)" "$stage/cjson" -DENABLE_CJSON_TEST=OFF -DENABLE_CUSTOM_COMPILER_FLAGS=OFF
    DESTDIR=$stage ninja -C "$stage/cjson" install
}

# Its CMake says "#define XML_DTD", with which a patch of Debian's does not compile.
build_expat() {
    cmake_library "$(tree expat)/expat" "$stage/expat" -DEXPAT_SHARED_LIBS=OFF -DEXPAT_BUILD_TOOLS=OFF \
        -DEXPAT_BUILD_EXAMPLES=OFF -DEXPAT_BUILD_TESTS=OFF -DEXPAT_BUILD_DOCS=OFF
    sed -i 's/^#define XML_DTD$/#define XML_DTD 1/' "$stage/expat/expat_config.h"
    DESTDIR=$stage ninja -C "$stage/expat" install
}
