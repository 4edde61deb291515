"""An HTTP proxy that knows CONNECT, and misbehaves when told to. Every name leads to this machine."""

import socket
import time

import fakes


def read_head(peer):
    head = b''
    while not head.endswith(b'\r\n\r\n'):
        head += fakes.receive(peer, 1)
    return head.decode('latin-1')


class HttpProxy(fakes.Server):
    """`heads` are the requests it was sent. `answer`: instead of the tunnel; `late`: its answer comes together with
    the first bytes from beyond. `pause`: seconds before its answer, and again before anything is passed on."""

    def __init__(self, answer=None, late=False, pause=0):
        fakes.Server.__init__(self, self.tunnel)
        self.answer, self.late, self.pause, self.heads = answer, late, pause, []

    def tunnel(self, peer):
        self.heads.append(read_head(peer))
        time.sleep(self.pause)
        if self.answer is not None:
            peer.sendall(self.answer)
            while self.answer[-4:] == b'\r\n\r\n' and peer.recv(4096):
                pass
            fakes.hang_up(peer)
            return
        port = int(self.heads[-1].split(' ')[1].rpartition(':')[2])
        other = socket.create_connection(('127.0.0.1', port))
        first = other.recv(4096) if self.late else b''
        peer.sendall(b'HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n' + first)
        time.sleep(self.pause)
        fakes.join(peer, other)
