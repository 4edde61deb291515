"""Emacs in batch mode. dap-mode as Debian's elpa-dap-mode; dape's folder is named by PTVSD_DAP_DAPE, and an Emacs of
29.1 or newer by PTVSD_DAP_EMACS (a command line) where `emacs` is older."""

import os
import re
import shlex
import subprocess

import pytest

import pages
import workplace

HERE = os.path.dirname(os.path.abspath(__file__))
EMACS = workplace.program_in('emacs')
NEWER = shlex.split(os.environ.get('PTVSD_DAP_EMACS') or EMACS or '')
DAPE = os.environ.get('PTVSD_DAP_DAPE')


def says(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          universal_newlines=True)
    return done.returncode, done.stdout


def has_dap_mode():
    return bool(EMACS) and says([EMACS, '--batch', '--eval', "(require 'dap-mode)"])[0] == 0


def runs_dape():
    version = re.search(r'Emacs (\d+)\.(\d+)', says(NEWER + ['--version'])[1]) if NEWER else None
    return bool(version) and tuple(map(int, version.groups())) >= (29, 1)


def drive(place, command, page_block, driver):
    init = place.write('init.el', pages.replaced(page_block, place.program, place.project))
    report = place.run(command + ['-L', HERE, '-l', init, '-l', os.path.join(HERE, driver)], typed=b'hush-4711\n')
    workplace.judge(report, place)


@pytest.mark.skipif(not has_dap_mode(), reason='no Emacs with dap-mode here (Debian: elpa-dap-mode)')
def test_dap_mode(place):
    drive(place, [EMACS, '--batch'], pages.block('emacs.md', 'elisp', 1), 'drive-dap-mode.el')


@pytest.mark.skipif(not runs_dape(), reason='no Emacs 29.1 or newer here')
@pytest.mark.skipif(not DAPE, reason='PTVSD_DAP_DAPE does not name a folder with dape')
def test_dape(place):
    drive(place, NEWER + ['--batch', '-L', DAPE or ''], pages.block('emacs.md', 'elisp', 0), 'drive-dape.el')
