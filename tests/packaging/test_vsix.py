"""The extension's .vsix: what is in it, and that it runs the adapter that came along. That it works in a workbench is
tests/editors/test_workbench.py's."""

import json
import os
import re
import subprocess
import zipfile

import pytest

import dap
from test_extension import NODE, built, needs_npm  # noqa: F401

WORKBENCH = os.environ.get('PTVSD_DAP_WORKBENCH')
pytestmark = needs_npm
ALLOWED = re.compile(r'extension/(package\.json|readme\.md|LICENSE\.txt|changelog\.md|bin/(ptvsd-dap|NOTICES\.txt)|'
                     r'out/src/[\w/-]+\.js|images/[\w-]+\.png|walkthrough/[\w-]+\.md)$')


def pack(built, target, name):  # noqa: F811
    vsce = {'VSCE': 'node ' + os.path.join(WORKBENCH, 'node_modules/@vscode/vsce/vsce')} if WORKBENCH else {}
    (built / 'notices').write_text('Some licence.\n')
    done = subprocess.run(['sh', 'package.sh', '--target', target, '--out', name], cwd=str(built),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, env=dict(os.environ, PTVSD_DAP=os.path.abspath(dap.adapter_path()),
                                                            NOTICES=str(built / 'notices'), **vsce))
    if done.returncode and not WORKBENCH and re.search('npm err', done.stdout, re.I):
        pytest.skip('npm could not get vsce')
    assert done.returncode == 0, done.stdout
    return built / name


@pytest.fixture(scope='module')
def packed(built):  # noqa: F811
    (built / 'stray.ts').write_text('// not to be given away\n')
    (built / 'bin').mkdir(exist_ok=True)
    (built / 'bin' / 'stray').write_text('left from another time\n')
    return pack(built, 'linux-arm64', 'made.vsix')


@pytest.fixture(scope='module')
def unpacked(packed, tmp_path_factory):
    place = tmp_path_factory.mktemp('unpacked')
    with zipfile.ZipFile(str(packed)) as opened:
        opened.extractall(str(place))  # which takes no permissions along, as some editors' do
    return place / 'extension'


def test_holds_only_what_runs(packed):
    with zipfile.ZipFile(str(packed)) as opened:
        names = set(opened.namelist()) - {'[Content_Types].xml', 'extension.vsixmanifest'}
        assert [name for name in names if not ALLOWED.match(name)] == []
        assert {'extension/' + name for name in ('LICENSE.txt', 'readme.md', 'bin/ptvsd-dap',
                                                 'bin/NOTICES.txt')} <= names
        with open(dap.adapter_path(), 'rb') as ours:
            assert opened.read('extension/bin/ptvsd-dap') == ours.read()
        assert opened.getinfo('extension/bin/ptvsd-dap').external_attr >> 16 & 0o777 == 0o755
        assert 'TargetPlatform="linux-arm64"' in opened.read('extension.vsixmanifest').decode('utf-8')


def test_holds_all_that_runs(unpacked):
    """What the manifest names, and what the programs ask of each other."""
    manifest = (unpacked / 'package.json').read_text(encoding='utf-8')
    wanted = set(re.findall(r'"((?:\./)?(?:out|images|walkthrough)/[\w./-]+)"', manifest))
    assert './' + os.path.normpath(json.loads(manifest)['main']) in wanted
    for program in (unpacked / 'out').rglob('*.js'):
        for name in re.findall(r'require\("(\.[\w./-]+)"\)', program.read_text(encoding='utf-8')):
            wanted.add(str((program.parent / name).relative_to(unpacked)) + '.js')
    for name in wanted:
        assert (unpacked / name).exists(), name


def test_runs_the_one_inside(unpacked, tmp_path):
    """Rather than one on the PATH."""
    other = tmp_path / 'ptvsd-dap'
    other.write_text('#!/bin/sh\necho another\n')
    other.chmod(0o755)
    look = 'process.stdout.write(require("./out/src/adapter.js").findAdapter("", process.cwd()))'
    found = subprocess.run([NODE, '-e', look], cwd=str(unpacked), env=dict(os.environ, PATH=str(tmp_path)), check=True,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, universal_newlines=True).stdout
    assert found == str(unpacked / 'bin' / 'ptvsd-dap')
    said = subprocess.run([found, '--version'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          universal_newlines=True).stdout
    assert said.startswith('ptvsd-dap ')
