"""Ports to listen on, which no two of the processes that run tests are given: bind() alone cannot tell, since the
program that a port is for binds it later."""

import fcntl
import itertools
import os
import random
import socket
import tempfile

FIRST, EACH, RANGES = 10000, 400, 50  # below those that the system gives to outgoing connections


class Ports(object):
    """A range of them, locked until this process ends."""

    def __init__(self):
        folder = os.path.join(tempfile.gettempdir(), 'ptvsd-dap-ports-%d' % os.getuid())
        os.makedirs(folder, mode=0o700, exist_ok=True)
        for number in random.sample(range(RANGES), RANGES):
            self.lock = open(os.path.join(folder, str(number)), 'w')
            try:
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                self.lock.close()
        else:
            raise RuntimeError('%d processes run tests here already' % RANGES)
        first = FIRST + number * EACH
        self.next = itertools.cycle(range(first, first + EACH))

    def free(self):
        for _ in range(EACH):
            port = next(self.next)
            with socket.socket() as probe:
                try:
                    probe.bind(('127.0.0.1', port))
                    return port
                except OSError:
                    pass
        raise RuntimeError('all of this process\'s ports are in use')


_ports = []


def free():
    if not _ports:
        _ports.append(Ports())
    return _ports[0].free()
