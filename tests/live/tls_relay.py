"""Ends TLS in front of a server without it, byte for byte: `tls_relay.py CERTIFICATE KEY PORT [AUTHORITY]` says its own
port. With an authority it asks for a certificate of that one's. What ends with a reset on one side does so on the other: ptvsd takes an orderly end in mid-greeting badly."""

import selectors
import socket
import ssl
import struct
import sys
import threading


def reset(connection):
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    except OSError:
        pass
    connection.close()


def acknowledge_at_once(connection):
    """As the adapter does: ptvsd writes in small pieces under Nagle. Not for good, so before each read."""
    if hasattr(socket, 'TCP_QUICKACK'):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


class Relay(object):
    def __init__(self, near, target, context):
        self.near, self.target, self.far = near, target, None
        self.arrived, self.leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.channel = context.wrap_bio(self.arrived, self.leaving, server_side=True)
        self.selector = selectors.DefaultSelector()
        self.watch(near, self.from_near)

    def watch(self, connection, take):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(connection, selectors.EVENT_READ, take)

    def flush(self):
        if self.leaving.pending:
            self.near.sendall(self.leaving.read())

    def from_near(self, data):
        self.arrived.write(data)
        try:
            if not self.far:
                self.channel.do_handshake()
                self.far = socket.create_connection(('127.0.0.1', self.target))
                self.watch(self.far, self.from_far)
            while True:
                self.far.sendall(self.channel.read(65536))
        except ssl.SSLWantReadError:
            pass
        self.flush()

    def from_far(self, data):
        self.channel.write(data)
        self.flush()

    def end_near(self):
        """As a server ends that is done."""
        try:
            self.channel.unwrap()
        except ssl.SSLError:
            pass
        self.flush()

    def run(self):
        end = reset
        try:
            while True:
                for key, _ in self.selector.select():
                    acknowledge_at_once(key.fileobj)
                    data = key.fileobj.recv(65536)
                    if not data:
                        end = socket.socket.close
                        if key.fileobj is self.far:
                            self.end_near()
                        return
                    key.data(data)
        except OSError:  # of TLS as well
            pass
        finally:
            self.selector.close()
            for connection in (self.near, self.far):
                if connection:
                    end(connection)


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[1:3])
    if sys.argv[4:]:
        context.load_verify_locations(sys.argv[4])
        context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(5)
    print(listener.getsockname()[1], flush=True)
    while True:
        near, _ = listener.accept()
        threading.Thread(target=Relay(near, int(sys.argv[3]), context).run, daemon=True).start()


main()
