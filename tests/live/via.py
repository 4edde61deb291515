"""`ptvsd-dap --listen` for tests: the process, and connections to it that look like an adapter of their own.

PTVSD_DAP_VIA=listen runs every test that starts an adapter through one such process instead; tests that send it a
signal, or options of its own, are skipped or get their own.

    PTVSD_DAP_VIA=listen python3 -m pytest tests/live"""

import os
import re
import signal
import socket
import struct
import subprocess

import pytest

PATIENCE = 30
shared_servers = {}


class Server(object):
    def __init__(self, address='127.0.0.1:0', *options, **how):
        import dap
        self.process = subprocess.Popen([dap.adapter_path(), '--listen', address] + list(options),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        universal_newlines=True, start_new_session=True, **how)
        self.said = self.process.stdout.readline()
        found = re.match(r'ptvsd-dap listens on (unix:(.+)|\[?([^\]]+)\]?:(\d+))\n$', self.said)
        assert found, 'it says %r' % (self.said or self.process.communicate()[1])
        self.address = found.group(1)
        self.path, self.host, self.port = found.group(2), found.group(3), int(found.group(4) or 0)

    def dial(self):
        if self.path:
            dialled = socket.socket(socket.AF_UNIX)
            dialled.connect(self.path)
            return dialled
        return socket.create_connection((self.host, self.port))

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """Its exit status, and what it said on stderr."""
        complaints = self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode, complaints

    def end(self, complaints=''):
        """It must end well, with nothing else to say."""
        self.signal(signal.SIGTERM)
        try:
            assert self.wait() == (0, complaints)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.communicate()


class Input(object):
    def __init__(self, socket_):
        self.write, self.socket = socket_.sendall, socket_

    def flush(self):
        pass

    def close(self):
        self.socket.shutdown(socket.SHUT_WR)


class Link(object):
    """What a session with a server offers of subprocess.Popen."""

    def __init__(self, client, server):
        self.client, self.socket, self.pid = client, server.dial(), server.process.pid
        self.stdin, self.stdout, self.stderr = Input(self.socket), self, self

    def fileno(self):
        return self.socket.fileno()

    def readline(self):
        return b''  # the server's complaints are judged at its end

    def close(self):
        """As soon as its output has been read, or is not wanted."""
        if self.client.over:
            self.socket.close()

    def kill(self):
        """As when the editor is killed."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.socket.shutdown(socket.SHUT_RDWR)

    def send_signal(self, number):
        self.client.ended = True
        pytest.skip('a signal concerns all sessions of a server')

    def poll(self):
        return 0 if self.client.over else None

    def wait(self, timeout=None):
        with self.client.changed:
            if not self.client.changed.wait_for(lambda: self.client.over, timeout):
                raise subprocess.TimeoutExpired('the session', timeout)
        return 0


def shared():
    """The server of this test process, or None where each test starts its adapter. Another one where the environment
    has changed."""
    if os.environ.get('PTVSD_DAP_VIA') != 'listen':
        return None
    around = (os.getcwd(), frozenset((name, value) for name, value in os.environ.items()
                                     if not name.startswith('PYTEST_')))
    if around not in shared_servers:
        shared_servers[around] = Server()
    return shared_servers[around]


def end():
    while shared_servers:
        shared_servers.popitem()[1].end()
