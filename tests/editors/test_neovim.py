"""Neovim with nvim-dap: PTVSD_DAP_NVIM_DAP names the plugin's folder, PTVSD_DAP_NVIM another nvim."""

import os
import re
import subprocess

import pytest

import pages
import workplace

NVIM = os.environ.get('PTVSD_DAP_NVIM') or workplace.program_in('nvim')
PLUGIN = os.environ.get('PTVSD_DAP_NVIM_DAP')
DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'drive_nvim.lua')
pytestmark = [pytest.mark.skipif(not NVIM, reason='no nvim here'),
              pytest.mark.skipif(not PLUGIN, reason='PTVSD_DAP_NVIM_DAP does not name a folder with nvim-dap')]


def is_old():
    """nvim-dap's releases for these do not know the way to disconnect of today."""
    said = subprocess.run([NVIM, '--version'], stdout=subprocess.PIPE, universal_newlines=True).stdout
    major, minor = map(int, re.search(r'v(\d+)\.(\d+)', said).groups())
    return (major, minor) < (0, 8)


def drive(place, what):
    init = place.write('init.lua', pages.replaced(pages.block('neovim.md', 'lua'), place.program, place.project))
    command = [NVIM, '--headless', '--cmd', 'set rtp^=%s' % PLUGIN, '-u', init, '-c', 'luafile ' + DRIVER]
    return place.run(command, DRIVE_WHAT=what, **({'DRIVE_OLD': '1'} if is_old() else {}))


def test_session(place):
    workplace.judge(drive(place, 'session'), place)


@pytest.mark.debuggee('threads.py', 'worker')
def test_threads(place):
    """nvim-dap would set all going when a second thread stops."""
    hits = drive(place, 'threads')['hits']
    assert sorted(hits) == [[str(number), str(turn)] for number in range(3) for turn in range(5)]
    place.program.wait_line('passed 15')


@pytest.mark.skipif(not NVIM or is_old(), reason='nvim-dap of Neovim 0.7 has no restart')
def test_restart(place):
    assert drive(place, 'restart')['lines'] == [place.line, place.line + 1, place.line]
    place.program.goes_on()
    place.is_left_tidy()
