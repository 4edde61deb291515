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


def test_session(place, program):
    init = place.write('init.lua', pages.replaced(pages.block('neovim.md', 'lua'), program, place.project))
    command = [NVIM, '--headless', '--cmd', 'set rtp^=%s' % PLUGIN, '-u', init, '-c', 'luafile ' + DRIVER]
    workplace.judge(place.run(command, **({'DRIVE_OLD': '1'} if is_old() else {})), place)
