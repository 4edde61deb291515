"""A fixture: `proxy`, a websockify as it comes from PyPI; proxy.uri(program) is the way through it."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

import servers


class Proxy(object):
    """Where to is looked up in a file, by the token in the address."""

    def __init__(self, directory):
        self.directory, self.port = directory, servers.free_port()
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'websockify', '--token-plugin', 'TokenFile', '--token-source', str(directory),
             '127.0.0.1:%d' % self.port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(('127.0.0.1', self.port)).close()
                return
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None, 'websockify does not start'
                time.sleep(0.05)

    def uri(self, debuggee, secret='secret'):
        name = 'p%d' % debuggee.port
        (self.directory / name).write_text('%s: 127.0.0.1:%d\n' % (name, debuggee.port))
        return 'ws://%s@127.0.0.1:%d/some/path?token=%s' % (secret, self.port, name)

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope='session')
def proxy(tmp_path_factory):
    one = Proxy(tmp_path_factory.mktemp('tokens'))
    yield one
    one.end()


def at_work(client, program, proxy):
    client.attach(uri=proxy.uri(program), breakpoints={program.file: [program.line('work')]})
    return client.wait_stopped('breakpoint')
