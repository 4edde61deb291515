#!/bin/sh
# Makes ptvsd-remote-TARGET-VERSION.vsix: compiles the extension, and packs it with a ptvsd-dap inside.
# Its arguments are vsce's; --target linux-x64 unless given. From the environment:
#   PTVSD_DAP=FILE    the binary that goes in: packaging/build.sh makes one that runs everywhere. Without it one
#                     is built that runs on this machine and its like.
#   NOTICES=FILE      the licences of what that binary holds
#   VSCE=COMMAND      in place of npx
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
case " $* " in *" --target "*) ;; *) set -- --target linux-x64 "$@" ;; esac
[ -d node_modules ] || npm ci --ignore-scripts --no-audit --no-fund
rm -rf out bin
node node_modules/typescript/bin/tsc -p .
mkdir bin
if [ -n "${PTVSD_DAP-}" ]; then
    cp "$PTVSD_DAP" bin/ptvsd-dap
else
    build=$here/../build-vsix
    [ -e "$build/build.ninja" ] || meson setup --buildtype=release -Dprefer_static=true -Dtests=false "$build" "$here/.."
    ninja -C "$build" ptvsd-dap
    strip -o bin/ptvsd-dap "$build/ptvsd-dap"
fi
[ -z "${NOTICES-}" ] || cp "$NOTICES" bin/NOTICES.txt
chmod 755 bin/ptvsd-dap
${VSCE:-npx --yes @vscode/vsce@3.9.2} package --no-dependencies --allow-missing-repository --no-rewrite-relative-links "$@"
