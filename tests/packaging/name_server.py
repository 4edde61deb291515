"""A name server on 127.0.0.1:53, for a network namespace of one's own: it knows A and AAAA of a few names."""

import ipaddress
import socket
import struct
import threading

NAMES = {'factory.example.test': ('127.0.0.1',), 'both.example.test': ('::1', '127.0.0.1')}
KINDS = {1: 4, 28: 6}  # A and AAAA, and the IP versions that they are for
NO_SUCH_NAME = 3


def question(query):
    """(name, type, where the question ends) of the first one asked."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode('ascii').lower())
        at += 1 + query[at]
    return '.'.join(labels), struct.unpack_from('!H', query, at + 1)[0], at + 5


def answer(query):
    name, kind, end = question(query)
    found = [ipaddress.ip_address(one) for one in NAMES.get(name, ())]
    found = [one.packed for one in found if one.version == KINDS.get(kind)]
    status = 0 if name in NAMES else NO_SUCH_NAME
    head = query[:2] + struct.pack('!HHHHH', 0x8580 | status, 1, len(found), 0, 0)
    records = [b'\xc0\x0c' + struct.pack('!HHIH', kind, 1, 60, len(one)) + one for one in found]
    return head + query[12:end] + b''.join(records)


class NameServer(object):
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 53))
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            query, peer = self.socket.recvfrom(4096)
            if not query:
                return
            self.socket.sendto(answer(query), peer)

    def end(self):
        self.socket.sendto(b'', self.socket.getsockname())
        self.thread.join()
        self.socket.close()
