"""TLS servers that play the beginning of a ptvsd: Python's ssl in a thread, and `openssl s_server`."""

import contextlib
import json
import ssl
import subprocess
import threading
import warnings

import fakes
import servers

VERSIONS = {'1.0': ssl.TLSVersion.TLSv1, '1.1': ssl.TLSVersion.TLSv1_1, '1.2': ssl.TLSVersion.TLSv1_2,
            '1.3': ssl.TLSVersion.TLSv1_3}


def context(shelf, leaf, version=None):
    """Of a server; `version`: speaks that one only."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # the old versions are what this is about
        if version:
            made.minimum_version = made.maximum_version = VERSIONS[version]
            made.set_ciphers('DEFAULT:@SECLEVEL=0')
    made.load_cert_chain(shelf.pem(leaf), shelf.private(leaf))
    return made


class PythonServer(object):
    """Greets as wire 6 does, keeps what it hears, and takes no secret."""

    marks = ('was not accepted', 'none was given')  # in what an attach says that got through to the greeting

    def __init__(self, shelf, leaf, version=None, authority=None):
        self.context, self.heard, self.names = context(shelf, leaf, version), b'', []
        self.context.sni_callback = lambda channel, name, context: self.names.append(name)
        if authority:  # whoever comes has to show a certificate of its
            self.context.load_verify_locations(authority)
            self.context.verify_mode = ssl.CERT_REQUIRED
        self.server = fakes.Server(self.serve)
        self.port = self.server.port

    def serve(self, peer):
        with self.context.wrap_socket(peer, server_side=True) as channel:
            channel.sendall(b'PTVSDBG' + fakes.number(6))
            self.heard += fakes.receive(channel, 15)
            self.heard += fakes.read_text(channel)
            channel.sendall(b'RJCT')
            while channel.recv(4096):
                pass

    def close(self):
        self.server.close()


class OpensslServer(object):
    """Greets as a JSON server of an unknown version does, as soon as a handshake is done. (Its own commands
    are single letters at the beginning of what is written to it.)"""

    marks = ('protocol version 77',)

    def __init__(self, shelf, leaf, version, *options):
        command = ['openssl', 's_server', '-accept', '127.0.0.1:0', '-tls' + version.replace('.', '_').replace('_0', '')]
        if leaf:
            command += ['-cert', shelf.pem(leaf), '-key', shelf.private(leaf), '-cipher', 'DEFAULT:@SECLEVEL=0']
        self.process = subprocess.Popen(command + list(options), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, start_new_session=True)
        self.heard, self.port, self.listening = b'', None, threading.Event()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        assert self.listening.wait(servers.PATIENCE) and self.port, self.heard

    def read(self):
        body = json.dumps({'type': 'event', 'seq': 0, 'event': 'legacyRemoteConnected',
                           'body': {'debuggerName': 'PTVSDBG', 'debuggerProtocolVersion': 77}})
        for line in iter(self.process.stdout.readline, b''):
            self.heard += line
            if line.startswith(b'ACCEPT ') and not self.port:
                self.port = int(line.rpartition(b':')[2])
                self.listening.set()
            if line.startswith(b'-----BEGIN SSL SESSION'):
                self.process.stdin.write(fakes.framed(body.encode()))
                self.process.stdin.flush()
        self.process.stdout.close()
        self.listening.set()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join(servers.PATIENCE)
        with contextlib.suppress(BrokenPipeError):  # it may have been killed before it read all
            self.process.stdin.close()
