#!/bin/sh
# Makes ptvsd-remote-linux-x64-….vsix: builds ptvsd-dap, compiles the extension, packs both with vsce.
# PTVSD_DAP=FILE packs that binary instead of a new one; VSCE=COMMAND is used in place of npx.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
[ -d node_modules ] || npm ci --ignore-scripts --no-audit --no-fund
rm -rf out bin
node node_modules/typescript/bin/tsc -p .
mkdir bin
if [ -n "${PTVSD_DAP-}" ]; then
    cp "$PTVSD_DAP" bin/ptvsd-dap
else
    build=$here/../build-vsix
    [ -e "$build/build.ninja" ] || meson setup --buildtype=release -Dstrip=true -Dprefer_static=true -Dtests=false "$build" "$here/.."
    ninja -C "$build" ptvsd-dap
    strip -o bin/ptvsd-dap "$build/ptvsd-dap"
fi
chmod 755 bin/ptvsd-dap
${VSCE:-npx --yes @vscode/vsce@3.9.2} package --target linux-x64 --no-dependencies --skip-license \
    --allow-missing-repository --no-rewrite-relative-links "$@"
