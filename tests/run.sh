#!/bin/sh
# Sets up, builds and runs every test. The last line is "N passed, N failed, N skipped"; the exit
# status is 0 only if none failed. Logs and reports stay in build-run/.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
trap 'say "0 passed, 1 failed, 0 skipped"; exit 1' EXIT
. "$root/tests/setup.sh"

format_version=14

results=$work/results
rm -rf "$results"
mkdir -p "$results"

# record passed|failed|skipped NAME [REASON]
record() {
    printf '%s\t%s\t%s\n' "$1" "$2" "${3-}" >>"$results/other.tsv"
}

# check NAME LOG COMMAND...: one result; what it said is shown if it fails
check() {
    check_name=$1
    check_log=$2
    shift 2
    say "== $check_name"
    if "$@" >"$check_log" 2>&1; then
        record passed "$check_name"
    else
        tail -n 40 "$check_log"
        record failed "$check_name" "see $check_log"
        return 1
    fi
}

# unit_tests NAME [MESON OPTION...]: builds, then unit and replay tests
unit_tests() {
    unit_name=$1
    shift
    say "== unit and replay tests, build $unit_name"
    if ! build "$unit_name" "$@"; then
        tail -n 40 "$work/$unit_name/build.log"
        record failed "build $unit_name" "see $work/$unit_name/build.log"
        return
    fi
    record passed "build $unit_name"
    meson test -C "$work/$unit_name" --no-rebuild --print-errorlogs >"$work/$unit_name/test.log" 2>&1
    unit_status=$?
    [ "$unit_status" -eq 0 ] || tail -n 100 "$work/$unit_name/test.log"
    keep_report "$work/$unit_name/meson-logs/testlog.junit.xml" "$unit_name" "$unit_status"
}

clang_sanitizes() {
    echo 'int main(void) { return 0; }' |
        clang -fsanitize=address,undefined -x c -o "$work/probe" - >/dev/null 2>&1
}

# keep_report FILE NAME STATUS: a run that failed without saying which test did is a failure too
keep_report() {
    if [ -s "$1" ]; then
        cp "$1" "$results/$2.xml"
        grep -q '<failure\|<error' "$1" || [ "$3" -eq 0 ] || record failed "$2" "exit status $3"
    else
        record failed "$2" "it left no report; exit status $3"
    fi
}

format_check() {
    if ! command -v clang-format >/dev/null; then
        record skipped "C formatting" "no clang-format here"
    elif ! clang-format --version | grep -q "version $format_version\."; then
        record skipped "C formatting" "judged by clang-format $format_version, here is another"
    else
        check "C formatting" "$work/format.log" find "$root/adapter" "$root/protocol" "$root/tests" \
            -name '*.[ch]' -exec clang-format --dry-run -Werror {} +
    fi
}

# Everything in pytest, with the sanitizers in the adapter; what they say goes to files of their own.
live_tests() {
    say "== live tests"
    if ! make_venv "$root/tests/requirements.txt"; then
        record failed "live tests" "pip could not install tests/requirements.txt"
        return
    fi
    mkdir -p "$results/sanitizer"
    workers=$(($(nproc) * 2 + 1)) # most of them wait for something
    PTVSD_DAP=$work/gcc/ptvsd-dap \
        ASAN_OPTIONS="log_path='$results/sanitizer/report'" \
        UBSAN_OPTIONS="log_path='$results/sanitizer/report'":print_stacktrace=1:halt_on_error=1 \
        timeout --foreground -k 30 3000 "$venv/bin/python" -B -m pytest "$root/tests" -q -raR -n "$workers" --dist worksteal --reruns 1 -p no:cacheprovider \
        --rootdir "$root/tests" --junitxml "$work/live.xml" >"$work/live.log" 2>&1
    live_status=$?
    if [ "$live_status" -ne 0 ]; then tail -n 200 "$work/live.log"; fi
    # A test that passes only the second time is a race: of ours, or of ptvsd's (docs/decisions.md). Its name is said.
    sed -n 's/^RERUN /needed a second run: /p' "$work/live.log"
    keep_report "$work/live.xml" live "$live_status"
    if [ "$live_status" -eq 0 ]; then
        check "docs/features.md is what the live tests have shown" "$work/features.log" \
            "$venv/bin/python" -B "$root/tests/live/features.py" "$work/live.xml"
    fi
    check "no leak, no sanitizer report in the live tests" "$work/sanitizer.log" sanitizers_quiet
}

sanitizers_quiet() {
    cat "$results/sanitizer"/* 2>/dev/null && return 1
    [ "$live_status" -le 1 ]
}

# Its program alone, unpacked: installed, it would be started as a web server of this machine.
unpack_nginx() {
    mkdir -p "$work/nginx" && cd "$work/nginx" && apt-get -qq download nginx && dpkg-deb -x nginx_*.deb . &&
        usr/sbin/nginx -v
}

want_build_tools
want libcmocka-dev pkg-config --exists cmocka
want libexpat1-dev pkg-config --exists expat
want_python
install_missing || fail "Set-up failed."

want_debuggee_python
install_missing || record skipped "live tests on PyPy" "pypy3 could not be installed"
missing=
make_venv || fail "Set-up failed."

# Of the editors, Debian has these with their debuggers; for others see tests/editors/README.md.
want emacs-nox command -v emacs
want elpa-dap-mode test -d /usr/share/emacs/site-lisp/elpa-src
install_missing || say "Going on without Emacs."
missing=
if apt-cache show hx >/dev/null 2>&1; then # from Debian 13 on
    want hx command -v hx
    install_missing || say "Going on without Helix."
    missing=
fi

want clang command -v clang
want libclang-rt-dev clang_sanitizes
want clang-format command -v clang-format
install_missing || say "Going on without clang."
missing=

PATH=$PATH:$work/nginx/usr/sbin
command -v nginx >/dev/null || (unpack_nginx) >"$work/nginx.log" 2>&1 || say "Going on without nginx."

# gcc's sanitizers make it warn of null pointers that cannot be; its manual advises against -Werror there.
unit_tests release -Dwerror=true
unit_tests gcc -Db_sanitize=address,undefined
if clang_sanitizes; then
    CC=clang unit_tests clang -Dwerror=true -Db_sanitize=address,undefined -Db_lundef=false
else
    record skipped "build clang" "no clang with its sanitizers here"
fi
format_check
live_tests
check "sh demo/run.sh" "$work/demo.log" sh "$root/demo/run.sh"
for bench in bench looking; do
    check "tests/bench/$bench.py runs" "$work/$bench.log" "$venv/bin/python" -B "$root/tests/bench/$bench.py" --quick \
        --adapter "$work/plain/ptvsd-dap"
done

trap - EXIT
"$venv/bin/python" -B "$root/tests/count.py" "$results"
