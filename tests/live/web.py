"""A web client that obeys when told to misbehave: requests in single texts, WebSockets frame by frame."""

import os
import socket
import struct

KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
UPGRADE = ('Host: a.example\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n'
           'Sec-WebSocket-Key: %s\r\n' % KEY)
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
PATIENCE = 15


def connect(port):
    return socket.create_connection(('127.0.0.1', port), timeout=PATIENCE)


def read_to_end(peer):
    data = b''
    for more in iter(lambda: peer.recv(65536), b''):
        data += more
    return data


def ask(port, request):
    """The whole answer as text; `request` ends without its empty line."""
    with connect(port) as peer:
        peer.sendall(request.encode('latin-1') + b'\r\n\r\n')
        return read_to_end(peer).decode('utf-8')


def get(port, path='/ptvsd', fields=''):
    return ask(port, 'GET %s HTTP/1.1\r\nHost: a.example\r\n%s' % (path, fields.rstrip()) if fields else
               'GET %s HTTP/1.1\r\nHost: a.example' % path)


def status(answer):
    return int(answer.split(' ', 2)[1])


def frame(opcode, payload=b'', last=True, masked=True):
    head = struct.pack('>B', opcode | (0x80 if last else 0))
    flag = 0x80 if masked else 0
    if len(payload) < 126:
        head += struct.pack('>B', len(payload) | flag)
    elif len(payload) < 65536:
        head += struct.pack('>BH', 126 | flag, len(payload))
    else:
        head += struct.pack('>BQ', 127 | flag, len(payload))
    if not masked:
        return head + payload
    mask = os.urandom(4)
    stream = (mask * (len(payload) // 4 + 1))[:len(payload)]
    mixed = int.from_bytes(payload, 'big') ^ int.from_bytes(stream, 'big')
    return head + mask + mixed.to_bytes(len(payload), 'big')


class WebSocket(object):
    """Opened, unless it is refused: then `answer` says how."""

    def __init__(self, port, path='/ptvsd', fields='', early=b'', host='a.example'):
        self.peer, self.data, self.answer = connect(port), b'', ''
        upgrade = UPGRADE.replace('a.example', host)
        self.peer.sendall(('GET %s HTTP/1.1\r\n%s%s\r\n' % (path, upgrade, fields)).encode('latin-1') + early)
        while '\r\n\r\n' not in self.answer:
            more = self.peer.recv(1)
            if not more:
                break
            self.answer += more.decode('latin-1')
        self.status = status(self.answer)

    def send(self, opcode, payload=b'', **how):
        self.peer.sendall(frame(opcode, payload, **how))

    def take(self, count):
        while len(self.data) < count:
            more = self.peer.recv(1 << 20)
            if not more:
                raise EOFError
            self.data += more
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def receive(self):
        """(opcode, payload) of the next frame; the servers we know never cut a message."""
        first, length = self.take(2)
        assert first & 0xf0 == 0x80 and length < 128
        if length == 126:
            length, = struct.unpack('>H', self.take(2))
        elif length == 127:
            length, = struct.unpack('>Q', self.take(8))
        return first & 15, self.take(length)

    def bytes(self, count):
        """So many bytes of messages, however they are cut."""
        found = b''
        while len(found) < count:
            opcode, payload = self.receive()
            assert opcode in (TEXT, BINARY), (opcode, payload)
            found += payload
        return found

    def closed(self):
        """(code, reason) of the close frame; then comes the end."""
        opcode, payload = self.receive()
        assert opcode == CLOSE, (opcode, payload[:100])
        assert self.data + self.peer.recv(1) == b''
        return struct.unpack('>H', payload[:2])[0], payload[2:].decode()

    def end(self):
        self.peer.close()
