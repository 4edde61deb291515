"""Vim with vimspector, whose folder PTVSD_DAP_VIMSPECTOR names."""

import os
import subprocess

import pytest

import pages
import workplace

VIM = workplace.program_in('vim.nox', 'vim')
PLUGIN = os.environ.get('PTVSD_DAP_VIMSPECTOR')
DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'drive_vim.vim')


def speaks_python():
    said = subprocess.run([VIM, '--version'], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL).stdout if VIM else b''
    return b'+python3' in said


pytestmark = [pytest.mark.skipif(not speaks_python(), reason='no vim with +python3 here'),
              pytest.mark.skipif(not PLUGIN, reason='PTVSD_DAP_VIMSPECTOR does not name a folder with vimspector')]


def test_session(place, program):
    place.write('.vimspector.json', pages.replaced(pages.block('vim.md', 'json'), program, place.project),
                folder=place.project)
    command = [VIM, '-N', '-u', DRIVER, '-i', 'NONE']
    workplace.judge(place.run(command, terminal=True, DRIVE_PLUGIN=PLUGIN), place)
