"""A handshake in which a bit is turned over on the way: whatever it hits, a sentence comes, and soon."""

import os
import selectors
import socket

import pytest

import fakes
import tls_servers
from test_failures import refused_attach

GIVES_UP_AFTER = 0.2  # s without a byte, behind a bit that made one side wait for more; as servers do, but sooner
WHOLE = 'PTVSD_DAP_WHOLE' in os.environ


class Mangler(object):
    """Relays to a port; turns over one bit of what `side` sends, in each connection anew."""

    def __init__(self, target):
        self.target, self.side, self.place, self.reached = target, 'server', 0, False
        self.server = fakes.Server(self.serve)
        self.port = self.server.port

    def set(self, side, place):
        self.side, self.place, self.reached = side, place, False

    def mangled(self, data, before):
        at = self.place // 8 - before
        if not 0 <= at < len(data):
            return data
        self.reached = True
        return data[:at] + bytes([data[at] ^ 1 << self.place % 8]) + data[at + 1:]

    def serve(self, peer):
        far = socket.create_connection(('127.0.0.1', self.target))
        sides, sent = {peer: ('client', far), far: ('server', peer)}, {'client': 0, 'server': 0}
        with selectors.DefaultSelector() as selector:
            for one in sides:
                selector.register(one, selectors.EVENT_READ)
            try:
                self.relay(selector, sides, sent)
            finally:
                fakes.hang_up(far)
                fakes.hang_up(peer)

    def relay(self, selector, sides, sent):
        while True:
            ready = selector.select(GIVES_UP_AFTER)
            for key, _ in ready:
                side, other = sides[key.fileobj]
                data = key.fileobj.recv(65536)
                other.sendall(self.mangled(data, sent[side]) if side == self.side else data)
                sent[side] += len(data)
                if not data:
                    return
            if not ready:
                return


def places(length, count):
    """Bits all over the first `length` bytes; all of the first record's head and what follows it."""
    if WHOLE:
        return range(length * 8)
    first = [byte * 8 + byte % 8 for byte in range(12)]
    return first + list(range(100, length * 8, length * 8 // count))


@pytest.mark.parametrize('version', ['1.0', '1.2', '1.3'])
@pytest.mark.parametrize('side, length', [('server', 1300), ('client', 450)])
def test_one_bit(adapter, shelf, version, side, length):
    server = tls_servers.PythonServer(shelf, 'good', version)
    mangler, client, reached = Mangler(server.port), adapter(), 0
    try:
        for place in places(length, 25):
            mangler.set(side, place)
            message = refused_attach(client, uri='tcps://hidden-word@127.0.0.1:%d' % mangler.port,
                                     tlsCaFile=shelf.pem('root'))
            harmless = any(mark in message for mark in server.marks)  # a bit that nobody looks at
            assert harmless or 'TLS' in message or 'certificate' in message, (place, message)
            assert 'hidden-word' not in message
            reached += mangler.reached
    finally:
        mangler.server.close()
        server.close()
    assert reached > 20, 'the handshake is shorter than thought'
