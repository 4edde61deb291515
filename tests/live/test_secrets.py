"""Where a secret may come from, and that it shows up nowhere else."""

import os
import re
import subprocess
import time

import pytest

import dap
import fakes
from test_failures import serve  # noqa: F401

CANARY = 'canary-%41-yellow'  # the %41 is part of it
IN_ADDRESS = 'canary-%2541-yellow'
pytestmark = pytest.mark.one_pair


def secret_file(directory, text, mode=0o600):
    path = directory / 'secret'
    path.write_bytes(text)
    path.chmod(mode)
    return str(path)


def attach_once(client, program, **how):
    client.attach(host='127.0.0.1', port=program.port, **how)
    client.disconnect()


@pytest.mark.parametrize('text', [b'hush-4711', b'hush-4711\n', b'hush-4711\r\nanother line\n'])
def test_file(debuggee, adapter, pair, tmp_path, text):
    client = adapter()
    attach_once(client, debuggee('loop.py'), secretFile=secret_file(tmp_path, text))
    assert 'chmod' not in client.console()


def test_file_that_others_can_read(debuggee, adapter, pair, tmp_path):
    client, path = adapter(), secret_file(tmp_path, b'hush-4711', 0o644)
    attach_once(client, debuggee('loop.py'), secretFile=path)
    assert 'chmod 600 %s' % path in client.console() and '644' in client.console()


def test_file_in_the_home_directory(debuggee, adapter, pair, tmp_path, monkeypatch):
    program = debuggee('loop.py')  # before: its packages are below the true home
    monkeypatch.setenv('HOME', str(tmp_path))
    secret_file(tmp_path, b'hush-4711')
    attach_once(adapter(), program, secretFile='~/secret')


def test_environment(debuggee, adapter, pair, monkeypatch):
    monkeypatch.setenv('MY_SECRET', 'hush-4711')
    attach_once(adapter(), debuggee('loop.py'), secretEnv='MY_SECRET')


def test_several_that_agree(debuggee, adapter, pair, tmp_path, monkeypatch):
    monkeypatch.setenv('MY_SECRET', 'hush-4711')
    program = debuggee('loop.py')
    client = adapter()
    client.attach(uri='hush-4711@127.0.0.1:%d' % program.port, secret='hush-4711', secretEnv='MY_SECRET',
                  secretFile=secret_file(tmp_path, b'hush-4711'))
    client.disconnect()


@pytest.mark.parametrize('how, words', [
    ({'secretFile': 'FILE', 'secret': 'other-word'}, ('"secret" and "secretFile"',)),
    ({'secretFile': 'FILE', 'uri': 'other-word@127.0.0.1'}, ('the secret in "uri" and "secretFile"',)),
    ({'secretEnv': 'MY_SECRET', 'secretFile': 'FILE'}, ('"secretFile" and "secretEnv"',)),
    ({'secretEnv': 'NOT_SET_ANYWHERE'}, ('NOT_SET_ANYWHERE', 'not set', 'Set it')),
    ({'secretEnv': 'EMPTY'}, ('EMPTY', 'empty')),
    ({'secretFile': '/no/such/file'}, ('/no/such/file', 'No such file')),
    ({'secretFile': 'DIRECTORY'}, ('cannot read',)),
    ({'secretFile': 'FIFO'}, ('cannot read', 'timed out')), ({'secretFile': '/dev/zero'}, ('longer than 4 KiB',)),
    ({'secretFile': '/dev/null'}, ('empty',)),
    ({'secretFile': 7}, ('"secretFile"',)), ({'secretEnv': ['x']}, ('"secretEnv"',))])
def test_refused(adapter, tmp_path, monkeypatch, how, words):
    monkeypatch.setenv('MY_SECRET', 'third-word')
    monkeypatch.setenv('EMPTY', '')
    path, fifo = secret_file(tmp_path, b'hidden-word\n'), str(tmp_path / 'fifo')
    os.mkfifo(fifo)  # nobody writes to it: that holds the adapter up for a moment only
    how = {name: {'FILE': path, 'DIRECTORY': str(tmp_path), 'FIFO': fifo}.get(value, value) if isinstance(value, str) else value
           for name, value in how.items()}
    message = adapter().attach_refused(**dict({} if 'uri' in how else {'host': '127.0.0.1'}, **how))
    assert all(word in message for word in words), message
    assert not re.search('(hidden|other|third)-word', message)


def test_file_without_text(adapter, tmp_path):
    message = adapter().attach_refused(host='127.0.0.1', secretFile=secret_file(tmp_path, b'a\0b\n'))
    assert 'no text' in message


# ---- subcommands

COMMANDS = ('release', 'list', 'doctor')


@pytest.mark.parametrize('command', COMMANDS)
def test_address_is_overwritten(serve, command):  # noqa: F811
    """What `ps` shows of a process that waits for a silent server."""
    address = 'tcp://%s@127.0.0.1:%d' % (IN_ADDRESS, serve(fakes.says()))
    with subprocess.Popen([dap.adapter_path(), command, address], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 20
        while True:
            with open('/proc/%d/cmdline' % process.pid, 'rb') as file:
                shown = file.read()
            if shown.startswith(dap.adapter_path().encode()) and b'*' * 20 in shown:
                break
            assert time.monotonic() < deadline, shown
        assert b'canary' not in shown and command.encode() in shown
        process.kill()


@pytest.mark.parametrize('command', COMMANDS[1:])  # release needs no secret where there is nothing to release
def test_secret_of_a_subcommand(debuggee, pair, tmp_path, command):
    """By a file, a pipe, or the environment."""
    program = debuggee('loop.py')
    address = '127.0.0.1:%d' % program.port
    path = secret_file(tmp_path, b'hush-4711\n')
    reader, writer = os.pipe()
    os.write(writer, b'hush-4711\n')
    for how in (dap.run(command, '--secret-file', path, address),
                dap.run(command, '--secret-file=/dev/fd/%d' % reader, address, pass_fds=(reader,)),
                dap.run(command, '--secret-env', 'MY_SECRET', address, env={'MY_SECRET': 'hush-4711'})):
        assert (how.returncode, how.stderr) == (0, '')
    os.close(reader)
    os.close(writer)
    lacks = dap.run(command, address)
    assert lacks.returncode == 1 and 'asks for a secret' in lacks.stdout + lacks.stderr


@pytest.mark.parametrize('command', COMMANDS)
def test_contradicting_options(command, tmp_path):
    path = secret_file(tmp_path, b'hidden-word\n', 0o640)
    done = dap.run(command, '--secret-file', path, 'other-word@127.0.0.1')
    assert done.returncode == 1 and 'contradict' in done.stderr and '-word' not in done.stderr


@pytest.mark.parametrize('arguments', [
    ['tcp://hidden-word@127.0.0.1'], ['release', '--secret=hidden-word', '127.0.0.1'], ['--hidden-word@127.0.0.1'],
    ['release', 'hidden-word@127.0.0.1', 'hidden-word@127.0.0.1'], ['release', 'tcp://hidden-word@127.0.0.1:x'],
    ['release', '--secret-file'], ['release', '-hidden-word@1.2.3.4']])
def test_mistyped(arguments):
    done = dap.run(*arguments)
    assert done.returncode == 1 and done.stdout == '' and 'ptvsd-dap: ' in done.stderr
    assert 'hidden-word' not in re.sub('-hidden-word$', '', done.stderr)


# ---- nowhere else

def traces(pid):
    """What the system shows of a process to others."""
    for name in ('cmdline', 'comm', 'status'):
        with open('/proc/%d/%s' % (pid, name), 'rb') as file:
            yield file.read()


def canary_ways(program, directory, monkeypatch):
    monkeypatch.setenv('CANARY', CANARY)
    where = {'host': '127.0.0.1', 'port': program.port}
    yield {'uri': 'tcp://%s@127.0.0.1:%d' % (IN_ADDRESS, program.port)}
    yield dict(where, secret=CANARY)
    yield dict(where, secretEnv='CANARY')
    yield dict(where, secretFile=secret_file(directory, CANARY.encode()))


@pytest.mark.parametrize('right', [True, False], ids=['right', 'wrong'])
def test_canary(debuggee, adapter, pair, tmp_path, monkeypatch, right):
    """Neither of a session that works, nor of one that fails, at the most talkative level."""
    program = debuggee('loop.py', changed={"'hush-4711'": repr(CANARY)} if right else None)
    shown, log = [], tmp_path / 'log'
    for how in canary_ways(program, tmp_path, monkeypatch):
        client = adapter('--log-file', str(log), '--log-level', 'trace')
        if right:
            client.attach(breakpoints={program.file: [program.line('work')]}, **how)
            stop = client.wait_stopped('breakpoint')
            client.evaluate('1 + 1', client.top(stop.thread)['id'])
        else:
            client.attach_refused(**how)
        shown += traces(client.process.pid)
        client.disconnect()
        shown += [line.encode() for line in client.transcript if '> {' not in line]
        shown.append(client.complaints)
    shown.append(log.read_bytes())
    for command in COMMANDS:
        for arguments in ((how['uri'] for how in canary_ways(program, tmp_path, monkeypatch) if 'uri' in how),
                          ('--secret-env', 'CANARY', '127.0.0.1:%d' % program.port)):
            done = dap.run(command, *arguments)
            shown += [done.stdout.encode(), done.stderr.encode()]
    found = [text for text in shown if b'canary-' in text]
    assert found == [], found
    assert len(shown) > 20


def test_no_core():
    """A core would hold the secret: the process does not let itself be dumped, nor be looked into by its own user.
    Then its files in /proc are root's."""
    other = 54321
    try:
        process = subprocess.Popen([dap.adapter_path()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   preexec_fn=None if os.getuid() else lambda: os.setuid(other))
    except OSError:
        pytest.skip('another user cannot run the adapter where it lies')
    with process:
        message = b'{"seq": 1, "type": "request", "command": "initialize", "arguments": {}}'
        process.stdin.write(b'Content-Length: %d\r\n\r\n%s' % (len(message), message))
        process.stdin.flush()
        assert process.stdout.readline().startswith(b'Content-Length')  # it has come beyond its start
        with open('/proc/%d/status' % process.pid) as status:
            user = next(int(line.split()[1]) for line in status if line.startswith('Uid:'))
        assert user != 0 and os.stat('/proc/%d/environ' % process.pid).st_uid == 0
