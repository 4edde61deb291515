"""Peers that misbehave: small servers for one connection after another, each in a thread."""

import socket
import struct
import threading


def number(value):
    return struct.pack('>q', value)


def receive(peer, count):
    data = b''
    while len(data) < count:
        more = peer.recv(count - len(data))
        if not more:
            raise OSError('the client left')
        data += more
    return data


def read_text(peer):
    return receive(peer, struct.unpack('>q', receive(peer, 8))[0])


def hang_up(one):
    """close() alone would leave a thread that waits in there for good."""
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    one.close()


def pour(source, sink, send=socket.socket.sendall):
    try:
        for data in iter(lambda: source.recv(65536), b''):
            send(sink, data)
    except OSError:
        pass
    for one in (source, sink):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def join(peer, other, send=socket.socket.sendall):
    """What each of them sends goes to the other, until one has ended; then both are closed."""
    back = threading.Thread(target=pour, args=(other, peer, send), daemon=True)
    back.start()
    pour(peer, other, send)
    back.join()
    other.close()
    peer.close()


class Server(object):
    """Listens on a free port and gives each connection to `serve(socket)`."""

    def __init__(self, serve):
        self.serve = serve
        self.listener = socket.socket()
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(5)
        self.port = self.listener.getsockname()[1]
        self.served = []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.served.append(peer)
            threading.Thread(target=self.guard, args=(peer,), daemon=True).start()

    def guard(self, peer):
        try:
            self.serve(peer)
        except OSError:
            pass

    def close(self):
        for one in [self.listener] + self.served:
            hang_up(one)


def says(*parts):
    """A server that says this and then only listens."""
    def serve(peer):
        for part in parts:
            peer.sendall(part)
        while peer.recv(4096):
            pass
    return serve


def says_and_closes(text):
    def serve(peer):
        peer.sendall(text)
        peer.close()
    return serve


def framed(text):
    return b'Content-Length: %d\r\n\r\n%s' % (len(text), text)


def hides_its_python(peer):
    """A ptvsd of wire 6 that takes any secret, and leaves when it is asked who it is."""
    peer.sendall(b'PTVSDBG' + number(6))
    receive(peer, 15)
    read_text(peer)
    peer.sendall(b'ACPT')
    receive(peer, 4)
    peer.close()


def let_in(peer):
    """The handshake of wire 6, up to an accepted attach and one thread."""
    peer.sendall(b'PTVSDBG' + number(6))
    receive(peer, 15)
    read_text(peer)
    peer.sendall(b'ACPT')
    receive(peer, 4)
    read_text(peer)
    peer.sendall(b'ACPT' + number(4711) + number(3) + number(6) + number(15))
    peer.sendall(b'NEWT' + number(140000000000000))


def binary_until(word):
    """A ptvsd of wire 6 that hangs up when it receives this command."""
    def serve(peer):
        let_in(peer)
        heard = b''
        while word not in heard:
            more = peer.recv(4096)
            if not more:
                return
            heard += more
        peer.close()
    return serve


class Full(object):
    """Listens, but drops whoever comes: its backlog is full. `port` is where."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.waiting = []
        while self.takes_one_more():
            pass

    def takes_one_more(self):
        self.waiting.append(socket.socket())
        self.waiting[-1].settimeout(0.3)
        try:
            self.waiting[-1].connect(('127.0.0.1', self.port))
        except socket.timeout:
            return False
        return True

    def close(self):
        for one in self.waiting + [self.listener]:
            one.close()


def refuses_secret(peer):
    """A ptvsd of wire 6 to which no secret is right."""
    peer.sendall(b'PTVSDBG' + number(6))
    receive(peer, 15)
    read_text(peer)
    peer.sendall(b'RJCT')
    peer.close()


def answers_http(head):
    def serve(peer):
        peer.recv(65536)
        peer.sendall(head.encode('latin-1') + b'\r\n\r\n<html>never read</html>')
        while peer.recv(4096):
            pass
    return serve
