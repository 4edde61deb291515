"""Each program by itself, without a server, under every interpreter: as text on disk and as the
expression that is sent. A stand-in for ptvsd's module says what was done to it."""

import os
import subprocess
import sys

import pytest

import tools

# argv: a file with an expression, a list of checks, whether with a stand-in for ptvsd's debugger
# module, and how often that has wrapped the output. The expression is evaluated twice, called by a
# function of that module as by ptvsd itself.
STAND_IN = r'''
import sys, types
import socket, threading, time, errno
words = eval(sys.argv[2])
text = open(sys.argv[1]).read()
if sys.argv[3] == 'none':
    print(eval(text))
    sys.exit()
d = types.ModuleType('ptvsd.debugger')
sys.modules['ptvsd'] = types.ModuleType('ptvsd')
sys.modules['ptvsd.debugger'] = d
source = """
import sys
DETACHED = False
DEBUG_STDLIB = 7
BREAK_ON_SYSTEMEXIT_ZERO = False
class Bp(object):
    def __init__(self, number, name): setattr(self, name, number)
PENDING_BREAKPOINTS = set([Bp(1, 'breakpoint_id'), Bp(2, 'brkpt_id'), Bp(3, 'breakpoint_id')])
before = PENDING_BREAKPOINTS
BREAKPOINTS = {10: {('a.py', 1): 'x', ('a.py', 3): 'y'}, 20: {('b.py', 2): 'z'}}
class _DebuggerOutput(object):
    def __init__(self, old_out):
        self.old_out = old_out
        if hasattr(old_out, 'buffer'): self.buffer = Buffer(old_out.buffer)
class Buffer(object):
    def __init__(self, buffer): self.buffer = buffer
def enable_output_redirection():
    sys.stdout = _DebuggerOutput(sys.stdout)
    sys.stderr = _DebuggerOutput(sys.stderr)
NONEXPANDABLE_TYPES = [int, str]
safe_repr = repr
def safe_hex_repr(value): return hex(value) if isinstance(value, int) else None
def handle_exception(frame, arg, text): return eval(text, {})
def run(text, attaches):
    for _ in range(attaches):
        enable_output_redirection()
    return [eval(text), eval(text)]
"""
exec(compile(source, 'debugger.py', 'exec'), d.__dict__)
real = sys.stdout
try:
    said = d.run(text, int(sys.argv[4]))
    for statement in words:
        exec(statement)
finally:
    sys.stdout, sys.stderr = real, sys.__stderr__
print(' '.join(said))
'''


def each(function):
    return pytest.mark.parametrize('python', tools.PYTHONS)(function)


@pytest.fixture
def run(python, tmp_path):
    path = tools.interpreter(python)
    if not path:
        pytest.skip('no such interpreter here')

    def start(text, *checks, stand_in='yes', attaches=0):
        place = tmp_path / 'text'
        place.write_text(text)
        quiet = dict(os.environ, PYTHONWARNINGS='ignore::RuntimeWarning')  # of the stand-in's package
        done = subprocess.run([path, '-c', STAND_IN, str(place), repr(list(checks)), stand_in,
                               str(attaches)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=quiet)
        assert done.returncode == 0, done.stderr.decode()
        assert done.stderr == b''
        return done.stdout.decode('ascii').strip()
    return start


@each
@pytest.mark.parametrize('name', tools.PROGRAMS)
def test_without_ptvsd(python, name, run, remote):
    said = run(remote(name, "'ids': [], 'options': {}"), stand_in='none')
    assert said == 'no: this is not run by ptvsd'


@each
def test_drop_guard_refuses_what_it_does_not_know(python, run, remote):
    said = run(remote('drop_guard'), 'assert not hasattr(d, "bridge_guard")')
    assert said == ' '.join(['no: this ptvsd has no _SendLockContextManager'] * 2)


@each
def test_forget_breakpoints(python, run, remote):
    said = run(remote('forget_breakpoints', "'ids': [1, 2]"),
               'assert [b.breakpoint_id for b in d.PENDING_BREAKPOINTS] == [3]',
               'assert len(d.before) == 3',
               'assert d.BREAKPOINTS == {10: {("a.py", 3): "y"}, 20: {}}')
    assert said == 'forgot 4 forgot 0'


@each
def test_debug_options(python, run, remote):
    said = run(remote('debug_options', "'options': {'DEBUG_STDLIB': True}"),
               'assert d.DEBUG_STDLIB is True and d.BREAK_ON_SYSTEMEXIT_ZERO is False',
               'assert d.bridge_options == {"DEBUG_STDLIB": 7, "BREAK_ON_SYSTEMEXIT_ZERO": False}')
    assert said == 'set set'
    said = run(remote('debug_options', "'options': {'DETACHED': True}"), 'assert d.DETACHED is False')
    assert said.startswith('no: there is no option DETACHED')


@each
def test_debug_options_put_back(python, run, remote):
    on = remote('debug_options', "'options': {'DEBUG_STDLIB': True}")
    off = remote('debug_options', "'options': {}")
    said = run("[%s, %s][1]" % (on, off), 'assert d.DEBUG_STDLIB == 7')
    assert said == 'restored restored'


@each
def test_unwrap_output(python, run, remote):
    """After three attaches; a fourth wraps nothing, unless the program has a new stream."""
    said = run(remote('unwrap_output'),
               'assert sys.stdout.old_out is real',
               'd.enable_output_redirection()',
               'assert sys.stdout.old_out is real and sys.stderr.old_out is sys.__stderr__',
               'sys.stdout = real',
               'd.enable_output_redirection()',
               'assert sys.stdout.old_out is real and sys.stderr.old_out is sys.__stderr__',
               'assert not hasattr(real, "buffer") or sys.stdout.buffer.buffer is real.buffer',
               attaches=3)
    assert said == 'unwrapped 4 unwrapped 0'


EMBEDDED = r'''# first
"""A module's docstring,
of two lines."""
import os  # why


def one(text="# no comment"):
    """One's."""
    return text + """a string # and
no docstring"""
'''


def test_embed_takes_out_comments_and_docstrings(tmp_path):
    (tmp_path / 'some.py').write_text(EMBEDDED)
    made = tmp_path / 'made.c'
    subprocess.check_call([sys.executable, os.path.join(tools.REMOTE, 'embed.py'), str(made),
                           str(tmp_path / 'some.py')])
    text = made.read_text()
    array = text[text.index('{') + 1:text.index('}')]
    codes = [int(code) for code in array.split(',')]
    assert codes.pop() == 0
    assert bytes(codes).decode() == ('import os\ndef one(text="# no comment"):\n    return text +'
                                     ' """a string # and\nno docstring"""\n')
    assert '[REMOTE_SOME] = some,' in text


@pytest.mark.parametrize('text', ['caf\xe9 = 1\n', 'def one():\n    """Nothing else."""\n', 'if:\n'])
def test_embed_refuses(tmp_path, text):
    (tmp_path / 'some.py').write_text(text, encoding='utf-8')
    command = [sys.executable, os.path.join(tools.REMOTE, 'embed.py'), str(tmp_path / 'made.c'),
               str(tmp_path / 'some.py')]
    assert subprocess.run(command, stderr=subprocess.DEVNULL).returncode != 0
    assert not (tmp_path / 'made.c').exists()


HIT_TEST = ("'point': (3, 1), 'when': %s, 'changed': %s, 'test': %s, 'log': %s, 'adds': %s, 'doubted': False")


def hit_test(remote, when=None, changed=False, test='None', log='None', adds=False):
    return remote('hit_test', HIT_TEST % ('u%r' % when if when else None, changed, test, log, adds))


@each
@pytest.mark.parametrize('how, said', [
    ({}, 'True True'),
    ({'when': 'yes'}, 'True True'),
    ({'when': 'not yes'}, 'False False'),
    ({'when': 'no_such'}, 'True True'),
    ({'when': '1 +'}, 'True True'),
    ({'when': 'yes', 'changed': True}, 'True False'),
    ({'test': 'lambda n: n == 2'}, 'False True'),
    ({'test': 'lambda n: n < 2'}, 'True False'),
    ({'when': 'not yes', 'test': 'lambda n: n < 2'}, 'False False'),
    ({'log': "[u'x ', (u'no_such',)]"}, 'False False'),
])
def test_hit_test(python, how, said, run, remote):
    """Evaluated twice, in a frame that is not ptvsd's."""
    assert run('repr(eval(%r, {"yes": True}))' % hit_test(remote, **how)) == said


def rows(run, text, names):
    """What a program brings, evaluated with these names, as lines of fields; the same both times."""
    said = run("str(''.join(eval(%r, {'shown': 'global'}, %s)))" % (text, names))
    half = len(said) // 2  # a blank between them, and the end of the last line is stripped
    assert said[:half] == said[half + 1:] + '\n'
    return [line.split('\t') for line in said[:half].splitlines()]


def children(remote, expression, only='', start=0, count=None, most=None, find=None):
    return remote('children', "'expression': u%r, 'only': %r, 'start': %d, 'count': %r, 'most': %r, 'find': %s" % (
        expression, only, start, count, most, find and 'u%r' % find))


@each
def test_children(python, run, remote):
    names = "{'v': [7, 'a\\tb', [1]], 'm': {'k': 1}, 's': set([5]), 'n': 3}"
    assert rows(run, children(remote, 'v'), names) == [
        ['yes'], ['0', '3'], ['[0]', 'v[0]', '7', '0x7', 'int', '0', '0'],
        ['[1]', 'v[1]', "'a\\\\tb'", '', 'str', '3', '0'], ['[2]', 'v[2]', '[1]', '', 'list', '1', '1']]
    assert rows(run, children(remote, 'v', 'indexed', 1, 1), names)[2:] == [
        ['[1]', 'v[1]', "'a\\\\tb'", '', 'str', '3', '0']]
    assert rows(run, children(remote, 'v', most=2), names) == [['yes'], ['0', '3']]
    assert rows(run, children(remote, 'm'), names)[2][:3] == ["['k']", "m['k']", '1']
    assert rows(run, children(remote, 's'), names)[2][:2] == ['[0]', 'next((v for i, v in enumerate(s) if i == 0))']
    assert rows(run, children(remote, 'v', find='[2]'), names) == [
        ['yes'], ['[2]', 'v[2]', '[1]', '', 'list', '1', '1']]
    assert rows(run, children(remote, 'v', find='[3]'), names) == [['yes']]
    assert rows(run, children(remote, 'no_such'), names) == [['no', "NameError: name 'no_such' is not defined"]]
    assert rows(run, children(remote, 'shown'), names) == [['yes'], ['0', '0']]


@each
def test_whole_value(python, run, remote):
    text = remote('whole_value', "'expression': u'v * 70000'")
    assert rows(run, text, "{'v': 'a'}") == [['yes'], ["'" + 'a' * 70000 + "'"]]
    (no, why), = rows(run, remote('whole_value', "'expression': u'v +'"), "{'v': 'a'}")
    assert no == 'no' and why.startswith('SyntaxError')


@each
def test_completions(python, run, remote):
    assert rows(run, remote('completions', "'text': u'1 + sho'"), "{'short': 1}") == [
        ['yes'], ['sho'], ['short', 'variable'], ['shown', 'variable']]
    assert ['append', 'method'] in rows(run, remote('completions', "'text': u'v.ap'"), "{'v': []}")
    assert rows(run, remote('completions', "'text': u'v().ap'"), "{'v': list}") == [['yes'], ['ap']]


@each
def test_exception(python, run, remote):
    text = remote('exception')
    assert rows(run, text, '{}') == [['no', 'LookupError: this is no exception stop']]
    said = rows(run, "handle_exception(__import__('sys')._getframe(), (ValueError, ValueError('why'), None), %r)" % text,
                "dict(globals(), handle_exception=handle_exception)")
    assert said[0] == ['yes'] and said[1][0] == 'why'
    assert said[1][1].startswith('Traceback (most recent call last):\\n  File "')
    assert said[1][1].endswith('ValueError: why\\n')


@each
def test_keep_locals(python, run, remote):
    assert run(remote('keep_locals')) == ' '.join(['no: TypeError' if 'pypy' in python else 'not needed'] * 2)
