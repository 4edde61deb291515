"""protocol/ compiles for macOS and Windows, with the compiler that packaging/build.sh fetched."""

import glob
import os
import subprocess

import pytest

import dap

PYTHON = os.path.join(dap.REPOSITORY, 'build-run', 'packaging', 'venv', 'bin', 'python')
CJSON = '/usr/include/cjson'
# What their C libraries lack, which meson finds out by itself: protocol/missing.h.
SYSTEMS = {'aarch64-macos': ('EXPLICIT_BZERO', 'MEMRCHR'), 'x86_64-macos': ('EXPLICIT_BZERO', 'MEMRCHR'),
           'x86_64-windows-gnu': ('EXPLICIT_BZERO', 'MEMRCHR', 'MEMMEM')}
pytestmark = [pytest.mark.skipif(not os.path.exists(PYTHON), reason='no zig here: packaging/build.sh fetches it'),
              pytest.mark.skipif(not os.path.isdir(CJSON), reason='the headers of cJSON are elsewhere')]


@pytest.mark.parametrize('system', sorted(SYSTEMS))
def test_protocol_compiles(system, tmp_path):
    os.mkdir(str(tmp_path / 'include'))
    os.symlink(CJSON, str(tmp_path / 'include' / 'cjson'))  # alone: the other headers beside it are this system's
    protocol = os.path.join(dap.REPOSITORY, 'protocol')
    flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-Wno-unused-command-line-argument', '-D_GNU_SOURCE',
             '-I' + str(tmp_path / 'include'), '-I' + protocol, '-include', os.path.join(protocol, 'missing.h')]
    flags += ['-DLACKS_' + name for name in SYSTEMS[system]]
    kept = str(tmp_path / 'zig')
    for source in sorted(glob.glob(protocol + '/*.c')):
        done = subprocess.run([PYTHON, '-m', 'ziglang', 'cc', '-target', system, '-c', '-o', 'made'] + flags + [source],
                              cwd=str(tmp_path), env=dict(os.environ, ZIG_GLOBAL_CACHE_DIR=kept, ZIG_LOCAL_CACHE_DIR=kept),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              universal_newlines=True)
        assert done.returncode == 0, done.stdout
