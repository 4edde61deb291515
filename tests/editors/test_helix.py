"""Helix in a terminal: `hx`, or the command line that PTVSD_DAP_HELIX names."""

import os
import re
import shlex

import pytest

import pages
import screen
import workplace

HELIX = shlex.split(os.environ.get('PTVSD_DAP_HELIX') or workplace.program_in('hx', 'helix') or '')
pytestmark = pytest.mark.skipif(not HELIX, reason='no Helix here (Debian 13: hx)')

MENU = 'Debug (experimental)'


class Helix(screen.Terminal):
    """What a person sees of it: its status line, the message below, and popups."""

    def line(self):
        found = re.search(r'(\d+):\d+\s*$', self.row(-2))
        return int(found.group(1)) if found else None

    def say(self, command):
        self.type(':' + command + '\r')

    def debug(self, key):
        """One of the debug menu, which stays until it is left."""
        self.type(' G')
        self.until('the menu', lambda: MENU in self.text())
        self.type(key)

    def leave(self, what):
        self.type('\x1b')
        self.until('%s to go' % what, lambda: what not in self.text())

    def go_to(self, line):
        self.say(str(line))
        self.until('line %d' % line, lambda: self.line() == line)

    def variable(self, name):
        self.debug('v')
        found = self.until(name, lambda: re.search(r'\b%s: \w+ = (\S+)' % name, self.text()))
        self.leave('Locals')
        self.leave(MENU)
        return found.group(1)

    def evaluate(self, expression):
        self.say('debug-eval ' + expression)
        return self.until('the value', lambda: re.match(r'\s*(\d+)\s*$', self.row(-1))).group(1)


def test_session(place, program):
    """Judged as the others are; that the first stop moves the cursor is seen, too."""
    languages = pages.replaced(pages.block('helix.md', 'toml'), program, place.project)
    os.makedirs(os.path.join(place.home, 'helix'))
    place.write('languages.toml', languages, folder=os.path.join(place.home, 'helix'))
    helix = Helix(HELIX + [place.file], place.project, place.environment())
    place.process = helix.process
    try:
        report = drive(helix, place)
    finally:
        place.said = helix.text().encode()
        helix.end()
    workplace.judge(report, place)


def drive(helix, place):
    helix.until('the file', lambda: 'loop.py' in helix.row(-2) and helix.line() == 1)
    helix.go_to(place.line)
    helix.debug('b')
    helix.leave(MENU)
    helix.go_to(1)
    helix.debug('l')
    helix.until('the template', lambda: 'Remote Python' in helix.text())
    helix.type('\r')
    for question, answer in (('host:', ''), ('port:', ''), ('secret:', 'hush-4711'), ('local folder:', place.project)):
        helix.until(question, lambda: helix.row(-1).startswith(question))
        helix.type(answer + '\r')
    helix.until('the stop', lambda: helix.line() == place.line)
    helix.leave(MENU)
    report = {'file': place.file, 'line': helix.line(), 'locals': {'number': helix.variable('number')},
              'evaluated': helix.evaluate('number+1000')}
    helix.debug('n')
    helix.until('the step', lambda: helix.line() != place.line)
    helix.leave(MENU)
    report.update(stepped=helix.line(), doubled=helix.variable('doubled'))
    helix.debug('c')
    helix.until('the second stop', lambda: helix.line() == place.line)
    report['again'] = helix.line()
    helix.leave(MENU)
    helix.debug('t')
    for _ in range(3):  # one pass would end at the breakpoint
        place.program.goes_on()
    helix.leave(MENU)
    helix.say('quit!')
    helix.process.wait(workplace.PATIENCE)
    return report
