"""The launch request: a program of our own, under any ptvsd."""

import os
import re
import shutil
import signal
import time

import pytest

import packages
import servers

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def program(tmp_path):
    folder = tmp_path / 'some folder'
    folder.mkdir()
    path = str(folder / 'launched.py')
    shutil.copy(os.path.join(servers.PROGRAMS, 'launched.py'), path)
    return path


def line(program, mark):
    with open(program) as source:
        return next(number for number, text in enumerate(source, 1) if text.rstrip().endswith('# line: ' + mark))


@pytest.fixture
def launch(pair, adapter, program):
    """launch('exit', '3') gives the client; breakpoints by their marks."""
    def start(*arguments, breakpoints=(), exceptions=(), target=None, client=None, **how):
        client = client or adapter()
        if not hasattr(client, 'capabilities'):
            client.initialize()
        how.setdefault('cwd', os.path.dirname(program))
        how = dict({'args': list(arguments), 'python': pair.python.path}, **how)
        seq = client.send('launch', dict(target or {'program': program}, ptvsdPath=packages.ptvsd(pair.release),
                                         type='ptvsd', request='launch', **how))
        client.wait_initialized(seq)
        if breakpoints:
            client.set_breakpoints(program, [line(program, mark) for mark in breakpoints])
        client.request('setExceptionBreakpoints', filters=list(exceptions))
        client.request('configurationDone')
        client.body(seq)
        return client
    return start


def ended(client, code):
    """The order too: all output, the exit code, the end."""
    client.wait_event('terminated')
    assert [body['exitCode'] for body in client.all_events('exited')] == [code]
    events = [one['event'] for one in client.events]
    assert events.index('exited') < events.index('terminated')
    assert 'output' not in events[events.index('exited'):]
    assert 'lost' not in client.console()
    client.disconnect()


def test_to_its_end(launch, program):
    client = launch('exit', '3', 'a b', env={'ADDED': 'yes', 'GONE': None})
    ended(client, 3)
    assert client.output('stdout').splitlines() == [
        'started exit 3 a b', 'main __main__ launched.py', 'where ' + os.path.dirname(program),
        "names ['os', 'sys', 'work']", 'env yes None']
    # Python 2 can complain of ptvsd's thread, which it does not end before it takes its modules apart.
    assert client.output('stderr').partition('Unhandled exception in thread')[0] == 'to stderr\n'
    (told,) = client.all_events('process')
    assert told['startMethod'] == 'launch' and told['isLocalProcess'] and told['name'] == program


@pytest.mark.one_pair
def test_environment_file(launch, program, tmp_path):
    """`env` counts more; what it names relative to lies beside the program."""
    with open(os.path.join(os.path.dirname(program), 'some.env'), 'w') as file:
        file.write('# one\nBASE="from the file"\nexport ADDED=${BASE}/${ABOVE}\nGONE=here\n')
    client = launch('exit', '0', envFile='some.env', env={'ABOVE': 5, 'GONE': None})
    ended(client, 0)
    assert 'env from the file/ None' in client.output('stdout')
    client = launch('exit', '0', envFile='some.env', env={'ADDED': 5})
    ended(client, 0)
    assert 'env 5 here' in client.output('stdout')


PRINTS = """
import os, time
print(u"caf\\xe9")
print((os.environ.get("PYTHONUNBUFFERED"), os.environ.get("PYTHONIOENCODING")))
time.sleep(%d)
"""


@pytest.fixture
def plain(monkeypatch):
    """A place where nobody has told Python how to print."""
    monkeypatch.delenv('PYTHONUNBUFFERED', raising=False)
    monkeypatch.delenv('PYTHONIOENCODING', raising=False)
    monkeypatch.delenv('PYTHONUTF8', raising=False)
    return monkeypatch


def test_prints_are_seen_at_once(launch, plain):
    client = launch(target={'code': PRINTS % 60})
    client.wait_output("('1', 'utf-8:surrogateescape')")
    assert client.output('stdout').startswith('caf\xe9\n')
    client.disconnect()


@pytest.mark.one_pair
def test_how_to_print_is_the_users_choice(launch, plain, program):
    """In `env`, where null takes out, in `envFile` and around the adapter."""
    client = launch(target={'code': PRINTS % 0}, env={'PYTHONUNBUFFERED': None, 'PYTHONIOENCODING': 'latin-1'})
    client.wait_event('terminated')
    assert client.output('stdout') == "caf\xe9\n(None, 'latin-1')\n"
    client.disconnect()
    with open(os.path.join(os.path.dirname(program), 'some.env'), 'w') as file:
        file.write('PYTHONUNBUFFERED=2\n')
    plain.setenv('PYTHONIOENCODING', 'utf-8:replace')
    client = launch(target={'code': PRINTS % 0}, envFile='some.env')
    client.wait_event('terminated')
    assert "('2', 'utf-8:replace')" in client.output('stdout')
    client.disconnect()


@pytest.mark.one_pair
def test_words(pair, launch, program):
    """One text for the arguments, of which nothing is expanded; Python as a list."""
    client = launch(target={'code': 'import sys; print(sys.argv[1:], sys.flags.no_site)'}, python=[pair.python.path, '-S'],
                    args='a "b  c" \'${HOME}\' d\\ e $HOME ""', noDebug=True)
    client.wait_event('terminated')
    words = "['a', 'b  c', '${HOME}', 'd e', '$HOME', '']"
    assert client.output('stdout') in ('%s 1\n' % words, '(%s, 1)\n' % words)
    client.disconnect()


def test_breakpoints_and_steps(launch, program):
    client = launch('exit', '0', breakpoints=['first', 'work'])
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('<module>', line(program, 'first'))
    assert len(client.stack(stop.thread)) == 1
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', line(program, 'work'))
    assert [frame['name'] for frame in client.stack(stop.thread)] == ['work', '<module>']
    assert client.evaluate('number + 1', client.top(stop.thread)['id'])['result'] == '22'
    assert client.step('stepOut', stop.thread) == ('<module>', line(program, 'call'))
    client.continue_(stop.thread)
    ended(client, 0)


def steps_from_its_first_line(client, program):
    stop = client.wait_stopped('entry')
    (top,) = client.stack(stop.thread)
    assert (top['name'], top['line'], top['source']['path']) == ('<module>', 2, program)
    assert client.output('stdout') == ''
    for kind, to in (('next', 3), ('stepIn', line(program, 'work') - 1), ('next', line(program, 'first')),
                     ('next', line(program, 'first') + 1)):
        assert client.step(kind, stop.thread) == ('<module>', to)
    client.continue_(stop.thread)
    ended(client, 0)


def test_stop_on_entry(launch, program):
    steps_from_its_first_line(launch('exit', '0', stopOnEntry=True), program)


@pytest.mark.parametrize('on', ['continue', 'next'])
def test_breakpoint_on_entry(launch, program, on):
    """It is the breakpoint that is told, and nothing is left of the entry."""
    with open(program) as source:
        text = source.read()
    with open(program, 'w') as source:
        source.write(text.replace('import os\n', 'import os  # line: entry\n'))
    client = launch('exit', '0', breakpoints=['entry'], stopOnEntry=True)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('<module>', 2)
    if on == 'next':
        assert client.step('next', stop.thread) == ('<module>', 3)
    client.continue_(stop.thread)
    ended(client, 0)


def test_uncaught_exception(launch, program):
    """It stops; the traceback begins with the program."""
    client = launch('raise', exceptions=['uncaught'])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('<module>', line(program, 'raise'))
    client.continue_(stop.thread)
    ended(client, 1)
    trace = client.output('stderr').splitlines()
    assert trace[1:3] == ['Traceback (most recent call last):',
                          '  File "%s", line %d, in <module>' % (program, line(program, 'raise'))]
    assert trace[-1] == 'ValueError: on purpose'


def test_uncaught_exception_in_code(launch):
    """What the code itself handles does not stop."""
    lines = 'try:', '    {}[1]', 'except KeyError:', '    print("handled")', '[][2]'
    client = launch(target={'code': '\n'.join(lines)}, exceptions=['uncaught'])
    stop = client.wait_stopped('exception')
    assert client.output('stdout') == 'handled\n' and 'IndexError' in stop.body['text']
    client.continue_(stop.thread)
    ended(client, 1)
    assert len(client.all_events('stopped')) == 1


def test_killed(launch):
    ended(launch('kill'), 128 + signal.SIGKILL)


def test_module_and_code(launch, program):
    client = launch('exit', '4', target={'module': 'launched'})
    ended(client, 4)
    assert 'main __main__ launched.py' in client.output('stdout')
    client = launch('x', target={'code': 'import sys; print(sys.argv); sys.exit(5)'})
    ended(client, 5)
    assert client.output('stdout') == "['-c', 'x']\n"


def test_without_debugger(launch, program):
    client = launch('exit', '6', noDebug=True, breakpoints=['first'])
    ended(client, 6)
    assert 'started exit 6' in client.output('stdout')
    assert client.all_events('stopped') == []


def test_child_that_keeps_the_output_open(launch):
    """It is not waited for."""
    begin = time.monotonic()
    ended(launch('children'), 0)
    assert time.monotonic() - begin < 15


def gone(pid):
    deadline = time.monotonic() + 10
    while os.path.exists('/proc/%d' % pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not os.path.exists('/proc/%d' % pid)


def pid_of(client):
    return client.all_events('process')[0]['systemProcessId']


@pytest.mark.parametrize('mark', ['work', 'wait', None])
def test_disconnect_ends_it(launch, program, mark):
    """It does not run on from a stop before it ends."""
    client = launch('wait', breakpoints=[mark] if mark else [])
    if mark:
        client.wait_stopped('breakpoint')
    else:
        client.wait_output('to stderr')
    pid = pid_of(client)
    client.disconnect()
    assert gone(pid)
    assert mark != 'work' or not os.path.exists(os.path.join(os.path.dirname(program), 'waiting'))


def test_editor_gone(launch):
    client = launch('wait', breakpoints=['work'])
    client.wait_stopped('breakpoint')
    pid = pid_of(client)
    client.close_input()
    assert client.wait_exit() == 0
    assert gone(pid)


def test_adapter_killed(launch):
    """Nobody ends it then; it goes on as every debuggee does."""
    client = launch('wait', breakpoints=['work'])
    client.wait_stopped('breakpoint')
    pid = pid_of(client)
    client.ended = True
    client.signal(signal.SIGKILL)
    client.wait_exit()
    time.sleep(0.2)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # its next output had nowhere to go
    assert gone(pid)


def test_terminate(launch, program):
    client = launch('wait', breakpoints=['wait'])
    client.wait_stopped('breakpoint')
    client.set_breakpoints(program, [])
    client.request('terminate')
    client.wait_event('terminated')
    assert client.all_events('exited')[0]['exitCode'] in (1, 128 + signal.SIGINT)
    assert client.output('stderr').splitlines()[-1] == 'KeyboardInterrupt'
    client.disconnect()


def test_restart(launch, program):
    client = launch('wait', breakpoints=['work'])
    client.wait_stopped('breakpoint')
    first = pid_of(client)
    client.request('restart')
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', line(program, 'work'))
    assert gone(first)
    client.disconnect()


def test_restart_with_another_configuration(launch, program, pair):
    """VS Code sends it along, as it is now."""
    client = launch('wait', breakpoints=['work'])
    client.wait_stopped('breakpoint')
    how = {'program': program, 'ptvsdPath': packages.ptvsd(pair.release), 'python': pair.python.path,
           'cwd': os.path.dirname(program), 'type': 'ptvsd', 'request': 'launch'}
    assert '"args"' in client.refused('restart', arguments=dict(how, args=5))
    client.request('restart', arguments=dict(how, args=['exit', '3'], stopOnEntry=True))
    stop = client.wait_stopped('entry')
    client.continue_(stop.thread)
    client.continue_(client.wait_stopped('breakpoint').thread)
    ended(client, 3)


def test_stop_on_entry_of_a_module(launch, program):
    steps_from_its_first_line(launch('exit', '0', target={'module': 'launched'}, stopOnEntry=True), program)


@pytest.mark.one_pair
@pytest.mark.parametrize('arguments, words', [
    ({}, '"program"'), ({'program': 'x', 'module': 'y'}, 'exclude'), ({'program': 'x', 'args': 5}, '"args"'),
    ({'program': 'x', 'args': 'a "b'}, '"args": a quote'), ({'program': 'x', 'env': []}, '"env"'),
    ({'program': 'x', 'env': {'A': True}}, 'value of A'), ({'program': 'x', 'envFile': '/no/such.env'}, '/no/such.env'),
    ({'program': 'x', 'subProcess': True}, 'enable_attach'), ({'program': 'x', 'sudo': True}, 'sudo'),
    ({'program': 'x', 'python': '/no/such/python'}, '/no/such/python'),
    ({'program': 'x', 'cwd': '/no/such/folder'}, '/no/such/folder'),
    ({'program': 'x', 'ptvsdPath': '/no/such/folder'}, 'ptvsd==3.2.1'),
    ({'program': 'x', 'pythonArgs': ['--no-such-option']}, 'pythonArgs'),
    ({'program': 'x', 'pathMappings': [], 'localRoot': '/'}, '"pathMappings" and "localRoot" contradict each other'),
    ({'program': 'x', 'pathMappings': [], 'remoteRoot': '/'}, '"pathMappings" and "remoteRoot" contradict each other')])
def test_refused_with_a_reason(pair, adapter, arguments, words):
    """And the next try works."""
    client = adapter()
    client.initialize()
    message = client.refused('launch', **dict({'python': pair.python.path}, **arguments))
    assert words in message, message
    message = client.refused('launch', **dict({'python': pair.python.path}, **arguments))
    assert words in message, message


@pytest.mark.one_pair
def test_what_others_can_read(pair, launch):
    """The secret, 32 hexadecimal digits, is in no argument list."""
    client = launch('wait', breakpoints=['work'])
    client.wait_stopped('breakpoint')
    with open('/proc/%d/cmdline' % pid_of(client), 'rb') as file:
        assert not re.search(b'[0-9a-f]{32}', file.read())
    with open('/proc/%d/environ' % pid_of(client), 'rb') as file:
        found = re.findall(b'[0-9a-f]{32}', file.read())
    assert set(found) <= set(re.findall(b'[0-9a-f]{32}', ' '.join(os.environ.values()).encode()))
    client.disconnect()
