"""The ways of over.py that end TLS in front of a program: tls_relay.py."""

import functools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

import certificates
import over
import servers

HERE = os.path.dirname(os.path.abspath(__file__))


@functools.lru_cache(maxsize=None)
def shelf():
    """Certificates of every kind, and the directory that ends with this process."""
    directory = tempfile.TemporaryDirectory()
    return certificates.shelf(directory.name), directory


@over.by_name('tcps')
class Tcps(object):
    def __init__(self, port, *authority):
        made = shelf()[0]
        self.more = {'tlsCaFile': made.pem('root')}
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, 'tls_relay.py'), made.pem('good'), made.private('good'), str(port)] + list(authority),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
        self.port = int(self.process.stdout.readline())

    def uri(self, user=''):
        return 'tcps://%s127.0.0.1:%d' % (user, self.port)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@over.by_name('wss')
class Wss(object):
    """websockify with a certificate, as it comes from PyPI. It does not say which port it was given for 0."""

    def __init__(self, port, leaf='good'):
        made = shelf()[0]
        self.port, self.more = over.free_port(), {'tlsCaFile': made.pem('root')}
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'websockify', '--ssl-only', '--cert', made.pem(leaf), '--key', made.private(leaf),
             '127.0.0.1:%d' % self.port, '127.0.0.1:%d' % port],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.wait()

    def wait(self):
        deadline = time.monotonic() + servers.PATIENCE
        while True:
            try:
                return socket.create_connection(('127.0.0.1', self.port)).close()
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None, 'websockify does not start'
                time.sleep(0.02)

    def uri(self, user=''):
        return 'wss://%s127.0.0.1:%d/any/path' % (user, self.port)

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
