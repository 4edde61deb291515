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
import socket, struct, threading, time, errno
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
PENDING_BREAKPOINTS = set()
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
def exec_main(path):
    main = sys.modules['__main__']
    main.__file__ = path
    exec(compile(open(path).read(), path, 'exec'), main.__dict__)
def ascii_of(value): return (repr if str is bytes else ascii)(value)
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
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=quiet, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        assert done.stderr == b''
        return done.stdout.decode('ascii').strip()
    return start


@each
@pytest.mark.parametrize('name', [name for name in tools.PROGRAMS if name != 'launch'])  # that is none of ptvsd's
def test_without_ptvsd(python, name, run, remote):
    said = run(remote(name, "'ids': [], 'options': {}, 'form': 'text'"), stand_in='none')
    assert said in ('no: this is not run by ptvsd', 'no\tthis is not run by ptvsd')


@each
def test_drop_guard_refuses_what_it_does_not_know(python, run, remote):
    said = run(remote('drop_guard'), 'assert not hasattr(d, "bridge_guard")')
    assert said == ' '.join(['no: this ptvsd has no _start_new_thread'] * 2)


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


def embedded(directory, name, **files):
    """The program `name` as embed.py makes it of these files."""
    for one, text in files.items():
        (directory / (one + '.py')).write_text(text)
    made = directory / 'made.c'
    subprocess.check_call([sys.executable, os.path.join(tools.REMOTE, 'embed.py'), str(made),
                           str(directory / (name + '.py'))])
    text = made.read_text()
    assert '[REMOTE_%s] = %s,' % (name.upper(), name) in text
    codes = [int(code) for code in text[text.index('{') + 1:text.index('}')].split(',')]
    assert codes.pop() == 0
    return bytes(codes).decode()


def test_embed_takes_out_comments_and_docstrings(tmp_path):
    assert embedded(tmp_path, 'some', some=EMBEDDED) == (
        'import os\ndef one(text="# no comment"):\n return text + """a string # and\nno docstring"""\n')


def test_embed_puts_functions_off(tmp_path):
    """What follows later.py; each is compiled when it is first called, and once."""
    text = embedded(tmp_path, 'some', some="""# with: more.py
class Pair(object):
    def sum(self):
        return one() + two()


r = Pair().sum() + two()
""", more="""# with: later.py
three = 3


def one():
    return three - two()


def two():
    return 2


def never():
    return later
""", later=open(os.path.join(tools.REMOTE, 'later.py')).read(), debugger_module='first = 1\n')
    program, functions = text.split('\n\n\n')
    assert program.startswith('first = 1\n') and program.endswith('three = 3\nr = Pair().sum() + two()')
    assert functions.split('\n\n') == ['def one():\n return three - two()', 'def two():\n return 2',
                                      'def never():\n return later',
                                      'class Pair(object):\n def sum(self):\n  return one() + two()']
    compiled = []

    def compiling(text, *arguments):
        compiled.append(text.split('(')[0])
        return compile(text, *arguments)
    names = {'put_off': functions, 'compile': compiling}
    exec(program, names)
    assert names['r'] == 5 and compiled == ['class Pair', 'def one', 'def two']


@pytest.mark.parametrize('text', ['caf\xe9 = 1\n', 'def one():\n    """Nothing else."""\n', 'if:\n',
                                  'def one():\n    pass\n\n\ndef one():\n    pass\n'])
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


@each
def test_jump_needs_a_traced_frame(python, run, remote):
    """Without one it finds out so, and what Python refuses it says."""
    assert rows(run, remote('jump', "'line': 3, 'form': 'slices'")) == [
        ['yes'], ['', 'this thread is not stopped by its trace function']]


STANDING = (
    'def trace_func(self, frame, event, arg): return run(text, 0)[0]',
    'd.__dict__["trace_func"] = types.FunctionType(trace_func.__code__, d.__dict__)',
    'd.text, t = text, types.ModuleType("thread")',
    't.cur_frame = sys._getframe()',
    'said[:] = [d.trace_func(t, t.cur_frame, event, None) for event in ("call", "line", "exception")]')


@each
def test_jump_only_from_a_line(python, run, remote):
    said = run(remote('jump', "'line': 3, 'form': 'text'"), *STANDING)
    entering = '\tthe thread is just entering or leaving'
    assert said.startswith('yes\n' + entering) and said.count(entering) == 2


MAIN_THREAD = (
    'class Thing(object): pass',
    't, d.BREAK_ON = Thing(), Thing()',
    't.trace_func, t.is_sending, names = (lambda *event: "traced"), False, []',
    'd.BREAK_ON.add_exception = lambda *what: names.append(what)',
    'd.THREADS = {threading._get_ident() if sys.version_info[0] == 2 else threading.get_ident(): t}',
    'd.text, asked = text, t.trace_func',
    'd.should_send_frame = lambda frame: frame != "ptvsd"',
    'said[:] = [repr(str(d.run(text, 0)[0]))]',
    'd.BREAK_ON.add_exception("ValueError", 1)',
    'assert names == [("ValueError", 1)]',
    'assert t.trace_func(None, "call", None) == "traced" and t.trace_func is not asked',
    't.is_sending = True',
    'assert t.trace_func(None, "line", None) == "traced"',
    't.is_sending = False',
    'assert t.trace_func("ptvsd", "line", None) == "traced"')


@each
def test_end_raises_at_the_next_line(python, run, remote):
    raises = ('try: t.trace_func(None, "line", None)\nexcept KeyboardInterrupt: said.append("raised")',
              'assert t.trace_func is asked')
    assert run(remote('end', "'force': False, 'form': 'text'"), *(MAIN_THREAD + raises)) == r"'yes\n\n' raised"


@each
def test_end_calls_the_handler_of_the_program(python, run, remote):
    handler = ('import signal', 'signal.signal(2, lambda number, frame: said.append("handled"))')
    calls = ('assert t.trace_func(None, "line", None) == "traced"', 'assert t.trace_func is asked')
    assert run(remote('end', "'force': False, 'form': 'text'"), *(handler + MAIN_THREAD + calls)) == r"'yes\n\n' handled"


@each
@pytest.mark.parametrize('step, template, stepping, in_template', [
    ('NONE', True, 0, False), ('INTO', True, 4, False), ('OUT', False, -1, False), ('OVER', False, 5, False),
    ('OVER', True, 0, True)])
def test_alone(python, run, remote, step, template, stepping, in_template):
    """As ptvsd's own steps do it, a step over in a template among them."""
    said = run(remote('alone', "'step': %r, 'form': 'text'" % step), *(MAIN_THREAD[:3] + (
        't.reported_process_loaded, t.stepping, t.django_stepping, t.cur_frame = True, 1, False, "a frame"',
        'd.STEPPING_NONE, d.STEPPING_INTO, d.STEPPING_OVER, d.STEPPING_OUT = 0, 4, 5, -1',
        'd.DJANGO_DEBUG, d.get_django_frame_source = True, lambda frame: %s' % ('frame' if template else None),
        'd.thread = Thing()',
        'd.thread.get_ident = threading._get_ident if sys.version_info[0] == 2 else threading.get_ident',
        'd.THREADS, d.text = {d.thread.get_ident(): t}, text',
        'said[:] = [str(d.run(text, 0)[0].strip())]',
        'said += [repr(one) for one in (t.reported_process_loaded, t.stepping, t.django_stepping)]')))
    assert said == 'yes False %d %s' % (stepping, in_template)


@each
def test_stacks(python, run, remote):
    """Only of the threads that ptvsd knows, and without ptvsd's own frames, nor the drop guard's."""
    said = run(remote('stacks', "'form': 'text'"), 'import os',
               'd.path, d.text, d.over, d.naps, d.__name__ = os.path, text, False, 0, "ptvsd.debugger"',
               'exec("def nap():\\n    global naps\\n    naps = 1\\n    while not over: pass", d.__dict__)',
               'guard = {"__name__": "<bridge>", "d": d}',
               'exec("def block(): d.nap()", guard)',
               'd.entered = guard["block"]',
               'exec("def enter(): entered()", d.__dict__)',
               'def user(): d.enter()',
               'one = threading.Thread(target=user, name="one")',
               'one.start()',
               'while not d.naps: time.sleep(0.001)',
               'd.THREADS = {one.ident: None}',
               'seen = [line.split("\\t") for line in d.run(text, 0)[0].splitlines()]',
               'd.over = True',
               'one.join()',
               'names = [frame[1] for frame in seen[2:]]',
               'assert seen[:2] == [["yes"], [str(one.ident), "one"]], seen',
               'assert not any([frame[0] for frame in seen[2:]])',
               'assert names[0] == "user" and not set(names) & set(["nap", "block", "enter"]), names',
               'said[:] = ["seen"]')
    assert said == 'seen'


def source_answer(run, remote, path, want='text'):
    """The row, without its escapes."""
    (yes,), *found = rows(run, remote('source', "'file': %r, 'want': %r, 'form': 'slices'" % (str(path), want)))
    assert yes == 'yes'
    return found


@each
@pytest.mark.parametrize('head, encoding', [('', 'utf-8'), ('# coding: latin-1\n', 'latin-1'),
                                            ('#!/bin/x\n# -*- coding=cp1252 -*-\n', 'cp1252'),
                                            ('\ufeff', 'utf-8'), ('', 'latin-1')])
@pytest.mark.parametrize('form', ['slices', 'literal', 'text'])
def test_source_text(python, head, encoding, form, tmp_path, run, remote):
    """In each of the forms in which a reply is sent."""
    place = tmp_path / 'some.py'
    text = head + 'a = "\xe4\xdf\\x41 \\\\u0041\t" \'\'\n' + ('\U0001f40d\u20ac\n' if encoding == 'utf-8' else '')
    place.write_bytes(text.replace('\n', '\r\n').encode(encoding))
    program = remote('source', "'file': %r, 'want': 'text', 'form': %r" % (str(place), form))
    said = run('ascii_of((lambda v: %s)(%s))' % (
        {'slices': "type(v[0])().join(v)", 'literal': 'eval(v)', 'text': 'v'}[form], program))
    assert eval(said[:len(said) // 2]) == 'yes\n\t' + text.lstrip('\ufeff').replace('\\', '\\\\').replace(
        '\t', '\\t').replace('\n', '\\n') + '\n'


@each
def test_long_source(python, tmp_path, run, remote):
    """No slice is longer than ptvsd shows."""
    place = tmp_path / 'some.py'
    place.write_text('number = "\\n"\n' * 10000)
    program = remote('source', "'file': %r, 'want': 'text', 'form': 'slices'" % str(place))
    said = run("(lambda v: '%%d,%%d,%%d' %% (len(v), len(''.join(v)), max([len(repr(one)) for one in v]) < 65536))(%s)"
               % program)
    count, length, short = eval(said.split()[0])
    assert count > 2 and length == len('yes\n\t\n') + 10000 * len('number = "\\\\n"\\n') and short


@each
def test_source_that_is_not_there(python, tmp_path, run, remote):
    assert source_answer(run, remote, tmp_path) == [['missing']]
    assert source_answer(run, remote, '/no/such/file.py') == [['missing']]
    assert source_answer(run, remote, '/no/such/file.py', 'sum') == [['missing']]


@each
@pytest.mark.parametrize('data', [b'', b'a', b'ab', b'a\r\nb\rc\n \n\n', b'\xff\x00\n' * 70001 + b'x'])
def test_source_sum(python, data, tmp_path, run, remote):
    place = tmp_path / 'some.py'
    place.write_bytes(data)
    plain = data.replace(b'\r\n', b'\n').replace(b'\r', b'\n').rstrip()
    padded = plain + b'\0' * (len(plain) % 2)
    total = sum((padded[i] | padded[i + 1] << 8) * (i // 2 + 1) for i in range(0, len(padded), 2))
    assert source_answer(run, remote, place, 'sum') == [['', str(len(plain)), str(total), '']]


@each
def test_source_imports_nothing(python, tmp_path, run, remote):
    place = tmp_path / 'some.py'
    place.write_bytes(b'# coding: utf-8\na = 1\n')
    text = remote('source', "'file': %r, 'want': 'text', 'form': 'slices'" % str(place))
    said = run('(lambda m: (lambda old: [%s, str(sorted(set(m) - old))][1])(set(m)))(sys.modules)' % text)
    assert said in ('[] []', "['encodings.ascii'] []")  # PyPy's own


FUNCTIONS = r'''
import functools
class Old: 
    def method(self):
        pass
class New(object):
    def __getattr__(self, name): raise SystemExit
    @property
    def size(self):
        return 1
    @staticmethod
    def static(): return 1
def outer():
    "doc"
    def inside():
        return 2
    return inside
partial = functools.partial(outer)
thing = New()
'''


@each
@pytest.mark.parametrize('name, line', [('Old.method', 5), ('New.size', 10), ('New.static', 12), ('outer', 15),
                                        ('outer.inside', 16), ('partial', 15), ('shapes.Old', None),
                                        ('shapes.outer', 15), ('shapes.outer.inside', 16), ('thing.any', None),
                                        ('len', None), ('sys.exit', None), ('New', None)])
def test_functions(python, name, line, tmp_path, run, remote):
    """Of the main module, and of one that is not loaded."""
    place = tmp_path / 'shapes.py'
    place.write_text(FUNCTIONS)
    text = remote('functions', "'dotted': ['%s'], 'form': 'slices'" % name)
    prepared = '(sys.path.append(%r), exec_main(%r), %s)[2]' % (str(tmp_path), str(place), text)
    (yes,), one = rows(run, prepared, 'globals()')
    assert yes == 'yes' and (one == [str(place), str(line)] if line else not one[0] and one[1])


CALLS = r'''class Old:
    def method(self): raise SystemExit
    @property
    def asked(self): raise SystemExit
class New(Old, object):
    def __getattr__(self, name): raise SystemExit
def one(*given): raise SystemExit
new = New.__new__(New)
'''
STATEMENTS = r'''if one(
        len(new.method(), *[one(1) for i in ()])): one(3)
with one() as new.asked.any, new.nothing() as number: pass
'''


@each
@pytest.mark.parametrize('line, lines, called', [
    (9, ['9', '10'], ['new.method 10 0', 'one 9 0']), (10, ['9', '10'], ['new.method 10 0', 'one 9 0', 'one 10 1']),
    (11, ['11', '11'], ['one 11 0']), (99, ['0', '0'], [])])
def test_call_targets(python, line, lines, called, tmp_path, run, remote):
    """Nothing is called for them, and no property asked."""
    place = tmp_path / 'calls.py'
    place.write_text(CALLS + STATEMENTS)
    stands = (
        'class Thing(object): pass',
        'thread, frame, names = Thing(), Thing(), {}',
        'exec(compile(%r, %r, "exec"), names)' % (CALLS, str(place)),
        'frame.f_code, frame.f_lineno = compile("", %r, "exec"), %d' % (str(place), line),
        'frame.f_locals, frame.f_globals, thread.cur_frame = {}, names, frame',
        'd.THREADS, d.should_debug_code, d.text = {5: thread}, lambda code: True, text',
        'said[:] = [d.run(text, 0)[0]]')
    said = run(remote('call_targets', "'thread': 5, 'form': 'text'"), *stands)
    (yes,), found, *targets = [line.split('\t') for line in said.splitlines()]
    assert yes == 'yes' and found == lines
    assert ['%s %s %s' % (one[0], one[1], one[4]) for one in targets] == called
    assert all(one[2] == str(place) for one in targets)


LINES = '''"""Of the module."""
import functools


def one(a,
        b=2):
    """Of a function."""
    # a comment

    made = [x
            for x in (a, b)]
    return made


class Two(object):
    """Of a class."""

    @functools.wraps(one)
    def three(self):
        def four():
            return 4

        return four
'''


@each
def test_stop_lines(python, tmp_path, run, remote):
    """The module, then what stands in it; each with where it begins, ends, and stops."""
    place = tmp_path / 'some.py'
    place.write_text(LINES)
    (yes,), *found = rows(run, remote('stop_lines', "'file': %r, 'form': 'slices'" % str(place)))
    found = [[int(first), int(last), [int(line) for line in lines.split()]] for first, last, lines in found]
    assert len(found) == 5 and found[0][:2] == [1, 23]
    by_end = {scope[1]: scope for scope in found[1:]}
    assert set(by_end[12][2]) == {10, 11, 12} and by_end[12][0] == 6
    (four,) = [scope for scope in found if scope[2] == [21]]
    assert set(by_end[23][2]) <= {15, 16, 18, 19, 20, 23}
    assert {2, 15} <= set(found[0][2]) and {5, 6} & set(found[0][2])
    assert rows(run, remote('stop_lines', "'file': '/no/such.py', 'form': 'slices'")) == [['yes']]
    place.write_text('if:')
    (no, why), = rows(run, remote('stop_lines', "'file': %r, 'form': 'slices'" % str(place)))
    assert no == 'no' and why.startswith('SyntaxError')


BESIDE_AN_IMPORT = ("(lambda held, go, t, imp: (t.Thread(target=lambda: [one() for one in (imp.acquire_lock, held.set, "
                    "go.wait, imp.release_lock)]).start(), held.wait(), %s, go.set()))(__import__('threading').Event(), "
                    "__import__('threading').Event(), __import__('threading'), __import__('imp'))[2]")


@pytest.mark.parametrize('python', ['2.7'])
@pytest.mark.parametrize('text, known', [
    (b'a = 1\n', True), (b'# coding: cp1258\na = 1\n', False), (b'# coding: utf-8\na = u"\xc3\xa9"\n', False),
    (b'\xef\xbb\xbfa = u"\xc3\xa9"\n', False)])
def test_stop_lines_beside_an_import(python, tmp_path, run, remote, text, known):
    """Compiling what is not ASCII imports a codec, for which it would wait."""
    place = tmp_path / 'some.py'
    place.write_bytes(text)
    program = remote('stop_lines', "'file': %r, 'form': 'slices'" % str(place))
    (said, *why), *found = rows(run, BESIDE_AN_IMPORT % program)
    assert (said == 'yes' and len(found) == 1) if known else (said == 'no' and not found), (said, why, found)


def rows(run, text, names='{}'):
    """What a program brings, evaluated with these names, as lines of fields; the same both times."""
    said = run("str(''.join(eval(%r, {'shown': 'global'}, %s)) + '|')" % (text, names))
    half = len(said) // 2
    assert said[:half] == said[half + 1:]
    return [line.split('\t') for line in said[:half - 1].splitlines()]


@each
def test_whole_value(python, run, remote):
    text = remote('whole_value', "'expression': u'v * 70000', 'form': 'slices'")
    assert rows(run, text, "{'v': 'a'}") == [['yes'], ["'" + 'a' * 70000 + "'"]]
    (no, why), = rows(run, remote('whole_value', "'expression': u'v +', 'form': 'slices'"), "{'v': 'a'}")
    assert no == 'no' and why.startswith('SyntaxError')


@each
def test_completions(python, run, remote):
    assert rows(run, remote('completions', "'text': u'1 + sho', 'form': 'slices'"), "{'short': 1}") == [
        ['yes'], ['sho'], ['short', 'variable'], ['shown', 'variable']]
    assert ['append', 'method'] in rows(run, remote('completions', "'text': u'v.ap', 'form': 'slices'"), "{'v': []}")
    assert rows(run, remote('completions', "'text': u'v().ap', 'form': 'slices'"), "{'v': list}") == [['yes'], ['ap']]


@each
def test_exception(python, run, remote):
    text = remote('exception', "'form': 'slices'")
    assert rows(run, text, '{}') == [['no', 'LookupError: this is no exception stop']]
    said = rows(run, "handle_exception(__import__('sys')._getframe(), (ValueError, ValueError('why'), None), %r)" % text,
                "dict(globals(), handle_exception=handle_exception)")
    assert said[0] == ['yes'] and said[1][0] == 'why'
    assert said[1][1].startswith('Traceback (most recent call last):\\n  File "')
    assert said[1][1].endswith('ValueError: why\\n')


@each
def test_keep_locals(python, run, remote):
    assert run(remote('keep_locals')) == ' '.join(['no: TypeError' if 'pypy' in python else 'not needed'] * 2)
