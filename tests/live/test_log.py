"""logFile, logLevel and logValues of an attach or launch request."""

import os
import stat

import pytest

import servers
from test_launch import launch, program  # noqa: F401
from test_listen import listen  # noqa: F401

pytestmark = pytest.mark.one_pair
VALUE = "'a val' + 'ue'"  # neither the source text nor the expression holds what it gives


def evaluated(debuggee, client, **how):
    loop = debuggee('loop.py')
    client.attach(loop, {loop.file: [loop.line('work')]}, **how)
    stop = client.wait_stopped('breakpoint')
    assert client.evaluate(VALUE, client.top(stop.thread)['id'])['result'].endswith("'a value'")
    client.disconnect()


def test_usual_level(debuggee, adapter, tmp_path):
    log = tmp_path / 'log'
    evaluated(debuggee, adapter(), logFile=str(log))
    said = log.read_text()
    assert 'info: attached: wire version' in said and 'info: session: ending -> closed' in said
    assert 'debug: ' not in said and servers.SECRET not in said
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_level_alone_goes_to_stderr(debuggee, adapter):
    client = adapter()
    evaluated(debuggee, client, logLevel='debug')
    client.end()
    assert b'debug: from editor: request evaluate' in client.complaints


@pytest.mark.parametrize('values', [None, False, True])
def test_values(debuggee, adapter, tmp_path, values):
    log = tmp_path / 'log'
    evaluated(debuggee, adapter(), logFile=str(log), logLevel='trace', logValues=values)
    said = log.read_text()
    assert 'debug: to editor: response to evaluate' in said and servers.SECRET not in said
    assert ('a value' in said) == bool(values)
    assert (' bytes\n' in said) != bool(values)


def test_failures_are_values(debuggee, adapter, tmp_path):
    log, loop, client = tmp_path / 'log', debuggee('loop.py'), adapter()
    client.attach(loop, {loop.file: [loop.line('work')]}, logFile=str(log), logLevel='trace')
    stop = client.wait_stopped('breakpoint')
    assert 'a value' in client.evaluate_refused("{}['a val' + 'ue']", client.top(stop.thread)['id'])
    client.disconnect()
    assert 'failed: ' in log.read_text() and 'a value' not in log.read_text()


def test_the_command_line_wins(debuggee, adapter, tmp_path):
    log, other = tmp_path / 'log', tmp_path / 'other'
    evaluated(debuggee, adapter('--log-file', str(log), '--log-level', 'trace'), logFile=str(other), logLevel='error')
    assert 'a value' in log.read_text() and not other.exists()


def test_at_home(debuggee, adapter, tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    evaluated(debuggee, adapter(), logFile='~/log')
    assert 'attached' in (tmp_path / 'log').read_text()


def test_only_as_long_as_it_is_wanted(debuggee, adapter, tmp_path):
    """One process, two attaches of which the second wants none."""
    log, client = tmp_path / 'log', adapter()
    client.attach_refused(port=servers.free_port(), logFile=str(log))
    evaluated(debuggee, client)
    said = log.read_text()
    assert 'refused the connection' in said and 'attached: ' not in said


def test_restart(debuggee, adapter, tmp_path):
    """VS Code sends the configuration along, as it is now."""
    log, loop, client = tmp_path / 'log', debuggee('loop.py'), adapter()
    client.attach(loop)
    how = {'host': '127.0.0.1', 'port': loop.port, 'secret': servers.SECRET}
    assert '"logFile"' in client.refused('restart', arguments=dict(how, logFile='/none/log'))
    assert not log.exists()
    client.request('restart', arguments=dict(how, logFile=str(log)))
    assert '"logFile"' in client.refused('restart', arguments=dict(how, logFile='/none/log'))
    assert '"logLevel"' in client.refused('restart', arguments=dict(how, logLevel='loud'))
    client.disconnect()  # what was refused has not closed it
    assert 'attach again' in log.read_text() and 'disconnect' in log.read_text().rpartition('attach again')[2]


def test_each_session_has_its_own(debuggee, adapter, listen, tmp_path):  # noqa: F811
    server = listen('0')
    for number in (1, 2):
        evaluated(debuggee, adapter(server=server), logFile=str(tmp_path / str(number)))
    server.end()
    for number in (1, 2):
        lines = (tmp_path / str(number)).read_text().splitlines()
        assert len(lines) > 3 and all(' info: [%d] ' % number in line for line in lines)


def test_launch(launch, tmp_path):  # noqa: F811
    log = tmp_path / 'log'
    client = launch('exit', '0', logFile=str(log))
    client.wait_event('terminated')
    client.disconnect()
    assert 'connecting, launch' in log.read_text()


# ---- what makes no sense

def places(directory):
    (directory / 'folder').mkdir()
    (directory / 'file').touch()
    (directory / 'link').symlink_to(directory / 'file')
    os.mkfifo(str(directory / 'pipe'))
    return directory


@pytest.mark.parametrize('name, words', [
    ('none/log', 'No such file'), ('folder', 'no ordinary file'), ('pipe', 'no ordinary file'),
    ('link', 'symbolic link')])
def test_file_that_cannot_be_written(debuggee, adapter, tmp_path, name, words):
    path, client = str(places(tmp_path) / name), adapter()
    message = client.attach_refused(port=servers.free_port(), logFile=path)
    assert message.startswith('The log cannot be written to %s: ' % path) and words in message and '"logFile"' in message
    assert client.refused('launch', program='x.py', logFile=path) == message
    evaluated(debuggee, client)


@pytest.mark.parametrize('given, words', [
    ({'logFile': 7}, '"logFile" must be a text'), ({'logLevel': 'loud'}, '"logLevel" must be error, warning, info'),
    ({'logLevel': 3}, '"logLevel" must be a text'), ({'logValues': 'no'}, '"logValues" must be true or false')])
def test_refused(adapter, given, words):
    assert words in adapter().attach_refused(port=servers.free_port(), **given)
