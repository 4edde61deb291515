#!/bin/sh
# sh demo/run.sh                                   a game under ptvsd, attached to, and left running
# sh demo/run.sh tcp://secret@host:5678 file.py:12 the same with your own process
# DEMO_TRACE=1 shows the messages.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/setup.sh"

want_build_tools
want_python
install_missing || fail "Set-up failed."
if [ $# -eq 0 ]; then
    want_debuggee_python
    install_missing || fail "Set-up failed."
    make_venv
    PYTHONPATH=$(fetch_ptvsd 3.2.1) || fail "ptvsd 3.2.1 could not be fetched from PyPI."
    export PYTHONPATH
    set -- --game "$debuggee_python"
fi

build plain -Dtests=false || {
    tail -n 20 "$work/plain/build.log" >&2
    fail "The build failed; the whole log is $work/plain/build.log"
}
exec python3 -B "$root/demo/attach.py" --adapter "$work/plain/ptvsd-dap" "$@"
