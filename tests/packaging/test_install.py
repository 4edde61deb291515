"""meson dist and meson install: the tarball builds by itself, and what it installs is whole."""

import glob
import os
import re
import shutil
import subprocess
import tarfile

import pytest

import dap

QUICK = ['-Dtests=false', '-Dwerror=true', '--buildtype=debug', '-Doptimization=0']
ours_is_git = os.path.exists(os.path.join(dap.REPOSITORY, '.git')) and shutil.which('git')
pytestmark = pytest.mark.skipif(not (ours_is_git and shutil.which('meson')),
                                reason='meson dist needs meson, git and a git repository')


def run(*command, **how):
    done = subprocess.run([str(one) for one in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True, **how)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope='module')
def tarball(tmp_path_factory):
    build = tmp_path_factory.mktemp('dist') / 'build'
    run('meson', 'setup', *QUICK, build, dap.REPOSITORY)
    run('meson', 'dist', '-C', build, '--no-tests', '--allow-dirty', '--formats', 'gztar')
    (made,) = glob.glob(str(build / 'meson-dist' / '*.tar.gz'))
    return made


@pytest.fixture(scope='module')
def unpacked(tarball, tmp_path_factory):
    place = tmp_path_factory.mktemp('unpacked')
    with tarfile.open(tarball) as opened:
        opened.extractall(str(place))
    (root,) = place.iterdir()
    return root


@pytest.fixture(scope='module')
def installed(unpacked, tmp_path_factory):
    """What `meson install` of the tarball leaves, built in it."""
    run('meson', 'setup', *QUICK, '--prefix=/usr', unpacked / 'build', unpacked)
    run('ninja', '-C', unpacked / 'build')
    place = tmp_path_factory.mktemp('installed')
    run('meson', 'install', '-C', unpacked / 'build', '--no-rebuild', '--destdir', place)
    return place / 'usr'


def test_tarball_holds_the_repository(unpacked):
    version = re.search(r"version: '(\S+)'", (unpacked / 'meson.build').read_text()).group(1)
    assert unpacked.name == 'ptvsd-dap-' + version
    ours = run('git', '-C', dap.REPOSITORY, 'ls-tree', '-r', '--name-only', '-z', 'HEAD').split('\0')
    theirs = run('git', '-C', dap.REPOSITORY, 'ls-files', '-z').split('\0')
    for name in filter(None, set(ours) & set(theirs)):
        assert os.path.lexists(str(unpacked / name)), name


def test_installed(installed):
    found = sorted(str(path.relative_to(installed)) for path in installed.rglob('*') if not path.is_dir())
    documents = [name for name in found if name.startswith('share/doc/ptvsd-dap/')]
    assert [name for name in found if name not in documents] == ['bin/ptvsd-dap', 'share/man/man1/ptvsd-dap.1']
    for name in ('README.md', 'LICENSE', 'docs/quickstart.md', 'docs/editors/neovim.md'):
        assert 'share/doc/ptvsd-dap/' + name in documents
    assert re.match(r'ptvsd-dap [0-9.]+\n$', run(installed / 'bin' / 'ptvsd-dap', '--version'))


def test_links_of_the_documents_lead_somewhere(installed):
    documents = installed / 'share' / 'doc' / 'ptvsd-dap'
    said = set(re.findall(r'`(docs/[\w./-]+)`', (documents / 'README.md').read_text(encoding='utf-8')))
    assert len(said) > 3
    for name in said:
        assert (documents / name).exists(), name


def test_manual_names_every_option(installed):
    program = installed / 'bin' / 'ptvsd-dap'
    page = (installed / 'share' / 'man' / 'man1' / 'ptvsd-dap.1').read_text(encoding='utf-8')
    entries = set(re.findall(r'^\.B ([\w\\-]+)', page, re.M))
    subcommands = re.findall(r'^       ptvsd-dap (\w+)', run(program, '--help'), re.M)
    assert len(subcommands) > 3
    for arguments in [[]] + [[name] for name in subcommands]:
        for option in re.findall(r'^  (--[\w-]+)', run(program, *arguments, '--help'), re.M):
            assert option.replace('-', '\\-') in entries
    for name in subcommands:
        assert '.SH %s\n' % name.upper() in page
    if shutil.which('groff'):
        warned = run('groff', '-ww', '-man', '-Tutf8', '-z', installed / 'share' / 'man' / 'man1' / 'ptvsd-dap.1')
        assert warned == ''
