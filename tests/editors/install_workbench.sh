#!/bin/sh
# install_workbench.sh FOLDER: what test_workbench.py needs (about a minute, 450 MB): code-server, playwright-core and
# vsce from npm. Needs Debian's chromium, ripgrep, libkrb5-dev, libsecret-1-dev, a C++ compiler and node 20.
# code-server's own installation takes things from places outside the registry, so its steps are taken one by one.
set -eu
mkdir -p "$1"
cd "$1"
[ -e package.json ] || echo '{ "name": "workbench", "version": "1.0.0", "private": true }' >package.json
quiet="--no-audit --no-fund --ignore-scripts"
npm install $quiet code-server@4.100.3 playwright-core@1.65.1 @vscode/vsce@3.9.2
npm rebuild argon2
cd node_modules/code-server/lib/vscode
npm install $quiet --omit=dev
for native in @vscode/spdlog node-pty native-watchdog @parcel/watcher @vscode/deviceid kerberos; do
    npm rebuild $native || echo "$native could not be built whole; going on"
done
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
ln -sfn node_modules node_modules.asar
cd extensions
npm install $quiet --omit=dev
