"""The rest of the suite, in part, over TLS (over_tls.py), and through one process for all (via.py). The whole of it:
PTVSD_DAP_OVER=tcps, PTVSD_DAP_VIA=listen."""

import os
import subprocess
import sys

import pytest

import servers

PART = ('test_first_stop or test_guessing_game or test_five_times or (test_editor_gone and stopped) or '
        'test_disconnect_ or test_steps_of_all_kinds or test_wrong_secret_then or test_second_debugger or '
        'test_killed_while')
FILES = ('attach', 'leaving', 'ending', 'stepping')
HERE = os.path.dirname(os.path.abspath(__file__))


def chosen():
    """A release of either kind of wire, on one Python each: (release, the name that PTVSD_DAP_PYTHONS takes)."""
    there = [pair for pair in servers.matrix() if pair.python.path]
    there.sort(key=lambda pair: pair.python.pypy)  # the slowest, for which nothing here is different
    for wire in (6, 8):
        pair = next((pair for pair in there if pair.wire == wire), None)
        if pair:
            yield pair.release, 'pypy' if pair.python.pypy else pair.python.label[len('py'):]


@pytest.mark.parametrize('variable, way', [('PTVSD_DAP_OVER', 'tcps'), ('PTVSD_DAP_VIA', 'listen')])
def test_part_of_the_suite(variable, way):
    if os.environ.get('PTVSD_DAP_OVER') or os.environ.get('PTVSD_DAP_VIA'):
        pytest.skip('all of the suite runs over something already')
    for release, python in chosen():
        environment = dict(os.environ, **{variable: way, 'PTVSD_DAP_RELEASES': release, 'PTVSD_DAP_PYTHONS': python})
        for name in [name for name in environment if name.startswith('PYTEST_')]:
            del environment[name]
        command = [sys.executable, '-B', '-m', 'pytest', '-q', '-x', '-p', 'no:cacheprovider', '--rootdir', HERE,
                   '--reruns', '1', '-k', PART] + [os.path.join(HERE, 'test_%s.py' % name) for name in FILES]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, universal_newlines=True, timeout=300)
        assert done.returncode == 0 and ' passed' in done.stdout, '%s on %s:\n%s' % (release, python, done.stdout[-8000:])
