"""How the connection itself is made: connectTimeout, addressFamily, keepAlive."""

import contextlib
import json
import re
import socket

import pytest

import dap
import fakes
import servers
import tls_servers
from http_proxy import HttpProxy
from test_failures import serve  # noqa: F401


def silent(serve):  # noqa: F811
    return serve(fakes.says())


# ---- connectTimeout

@pytest.mark.parametrize('way', ['tcp', 'tcps', 'ws'])
def test_a_shorter_time_is_over_sooner(adapter, serve, way):  # noqa: F811
    """Of two attaches to a server that says nothing, the later one, which waits less, is the first to fail."""
    patient, hasty = adapter(), adapter()
    uris = ['%s://127.0.0.1:%d/' % (way, silent(serve)) for _ in range(2)]
    first = patient.start_attach(uri=uris[0], connectTimeout=8)
    hasty.attach_refused(uri=uris[1], connectTimeout=1)
    assert first not in patient.responses
    patient.response(patient.send('disconnect', {}))
    patient.response(first)


def test_the_limit_is_told(adapter):
    full = fakes.Full()
    message = adapter().attach_refused(host='127.0.0.1', port=full.port, connectTimeout=1)
    assert 'did not answer in time (1 s)' in message and '"connectTimeout"' in message
    done = dap.run('doctor', '--connect-timeout', '1', 'tcp://127.0.0.1:%d' % full.port)
    assert message in re.sub(r'\s+', ' ', done.stdout)
    full.close()


@pytest.mark.parametrize('subcommand', ['list', 'release'])
def test_subcommands_wait_as_long(serve, subcommand):  # noqa: F811
    done = dap.run(subcommand, '--connect-timeout', '1', 'tcp://127.0.0.1:%d' % silent(serve), timeout=5)
    assert 'says nothing' in done.stdout + done.stderr


@pytest.mark.parametrize('way', ['tcp', 'tcps'])
def test_each_stage_has_its_time(adapter, serve, shelf, started, way):  # noqa: F811
    """The proxy's answer takes most of it, and what comes next as well: the greeting, or the TLS handshake."""
    proxy = started(HttpProxy(pause=1.8))
    with contextlib.closing(tls_servers.PythonServer(shelf, 'alone')) as encrypted:
        port, words = (encrypted.port, shelf.print('alone')) if way == 'tcps' else (
            serve(fakes.says(b'SSH-2.0-OpenSSH\r\n')), 'SSH-2.0')
        uri, via = '%s://127.0.0.1:%d' % (way, port), 'http://127.0.0.1:%d' % proxy.port
        assert words in adapter().attach_refused(uri=uri, proxy=via, connectTimeout=3)
        done = dap.run('list', '--connect-timeout', '3', '--proxy', via, uri)
        assert words in done.stdout + done.stderr


# ---- addressFamily

@pytest.mark.parametrize('host, family, name', [('127.0.0.1', 'ipv6', 'IPv6'), ('::1', 'ipv4', 'IPv4')])
def test_no_address_of_that_family(adapter, host, family, name):
    message = adapter().attach_refused(host=host, port=servers.free_port(), addressFamily=family)
    assert message.startswith('Cannot find an %s address of a host named "%s"' % (name, host))
    assert '"addressFamily"' in message
    place = 'tcp://%s' % ('[%s]' % host if ':' in host else host)
    last = json.loads(dap.run('doctor', '--json', '--address-family', family, place).stdout)['steps'][-1]
    assert (last['step'], last['error']) == ('name', message)


@pytest.mark.parametrize('given', [{}, {'proxy': 'http://127.0.0.1:1'}], ids=['near', 'proxy'])
def test_only_that_family_was_tried(adapter, given):
    message = adapter().attach_refused(host='127.0.0.1', port=servers.free_port(), addressFamily='ipv4', **given)
    assert message.endswith('Only IPv4 was tried, as "addressFamily" says.')


@pytest.mark.one_pair
def test_address_of_that_family(debuggee, adapter, pair):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]}, addressFamily='ipv4')
    client.wait_stopped('breakpoint')


# ---- keepAlive

def keepalive_left(port):
    """Seconds until the kernel asks the other side of this connection; None if it will not. While something is on
    its way another timer runs."""
    kind = '01'
    while kind not in ('00', '02'):
        with open('/proc/net/tcp') as table:
            (row,) = [line.split() for line in table if re.match(r'\s*\d+: \S+ 0100007F:%04X 01 ' % port, line)]
        kind, left = row[5].split(':')
    return int(left, 16) / 100 if kind == '02' else None


@pytest.mark.parametrize('given, least, most', [({}, 1, 15), ({'keepAlive': 600}, 500, 600), ({'keepAlive': 0}, None, None)])
def test_keep_alive(adapter, given, least, most):
    with socket.create_server(('127.0.0.1', 0)) as server:
        port = server.getsockname()[1]
        client = adapter()
        attach = client.start_attach(host='127.0.0.1', port=port, **given)
        peer, _ = server.accept()
        peer.sendall(b'PTVSDBG' + fakes.number(6))
        fakes.receive(peer, 15)  # so it knows that it is connected
        left = keepalive_left(port)
        assert left is None if least is None else least < left <= most
        client.response(client.send('disconnect', {}))
        client.response(attach)
        peer.close()


# ---- what makes no sense

@pytest.mark.parametrize('given, words', [
    ({'connectTimeout': 0}, '"connectTimeout" must be a number of seconds, 1 to 600'),
    ({'connectTimeout': 601}, '"connectTimeout" must be a number of seconds, 1 to 600'),
    ({'connectTimeout': '5'}, '"connectTimeout" must be a number of seconds, 1 to 600'),
    ({'keepAlive': -1}, '"keepAlive" must be a number of seconds, 0 to 7200'),
    ({'keepAlive': True}, '"keepAlive" must be a number of seconds, 0 to 7200'),
    ({'addressFamily': 'ipv5'}, '"addressFamily" must be "ipv4" or "ipv6". Leave it out'),
    ({'addressFamily': 4}, '"addressFamily" must be a text')])
def test_refused(adapter, given, words):
    assert words in adapter().attach_refused(port=servers.free_port(), **given)


def test_refused_on_the_command_line():
    for option, value, words in (('--connect-timeout', 'soon', '"connectTimeout" must be a number of seconds'),
                                 ('--keep-alive', '9999', '"keepAlive" must be a number of seconds'),
                                 ('--address-family', 'ip', '"addressFamily" must be "ipv4" or "ipv6"')):
        done = dap.run('list', option, value, '127.0.0.1')
        assert done.returncode == 1 and words in done.stderr
