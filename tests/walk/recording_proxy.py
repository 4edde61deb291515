"""Stands between the adapter and a server and keeps all that was said, in its order."""

import socket
import struct
import threading
import time
from multiprocessing.connection import wait  # select() cannot count above 1024

import wire_reader

RESET = struct.pack('ii', 1, 0)


class Proxy(object):
    """Listens on `port` and passes each connection on, byte for byte and close for close."""

    def __init__(self, server_port):
        self.server_port, self.conversations = server_port, []
        self.started = time.monotonic()
        self.passing = []
        self.listener = socket.socket()
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(5)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.serve, args=(client,), daemon=True)
            self.passing.append(thread)
            thread.start()

    def serve(self, client):
        server = socket.socket()
        conversation = wire_reader.Conversation()
        self.conversations.append(conversation)
        try:
            server.connect(('127.0.0.1', self.server_port))
            self.pass_on(client, server, conversation)
        except OSError:
            conversation.closed('<', 'RST', time.monotonic() - self.started)
        finally:
            client.close()
            server.close()

    def pass_on(self, client, server, conversation):
        """Both ways in one thread: what is recorded first was sent first."""
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ways = {client: ('>', server), server: ('<', client)}
        while ways:
            for one in wait(list(ways)):
                way, other = ways[one]
                # the server's small sends wait for an acknowledgement
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
                try:
                    data = one.recv(1 << 16)
                except ConnectionResetError:
                    conversation.closed(way, 'RST', time.monotonic() - self.started)
                    other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    return
                if not data:
                    conversation.closed(way, 'FIN', time.monotonic() - self.started)
                    if way == '<':
                        return
                    del ways[one]
                    other.shutdown(socket.SHUT_WR)
                    continue
                conversation.feed(way, data, time.monotonic() - self.started)
                try:
                    other.sendall(data)
                except OSError:  # the other has gone: as it would be without us, this one gets a reset
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    raise

    def take(self):
        """The conversations so far, all over; the next begin anew."""
        for thread in self.passing:
            thread.join(10)
        taken, self.conversations, self.passing = self.conversations, [], []
        return taken

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self.listener.close()
