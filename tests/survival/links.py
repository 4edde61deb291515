"""Links between adapter and debuggee that can be broken: a relay that ends with FIN or RST, and a
network namespace from which nothing comes any more."""

import os
import socket
import struct
import subprocess
import threading
import time
from multiprocessing.connection import wait  # select() cannot count above 1024


class Direct(object):
    """No link of its own: the adapter speaks with the debuggee itself."""

    command = ()

    def __init__(self, port):
        self.where = {'host': '127.0.0.1', 'port': port}

    def close(self):
        pass


class Relay(object):
    """Passes bytes on in both directions, for one connection, in a thread of its own, which is also the
    one that cuts: a socket that another thread waits for is not closed when close() returns."""

    command = ()

    def __init__(self, port):
        self.to = port
        self.listener = socket.socket()
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(1)
        self.where = {'host': '127.0.0.1', 'port': self.listener.getsockname()[1]}
        self.orders, self.ordered = socket.socketpair()
        self.how, self.behind = None, None
        self.was_cut = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def cut(self, how):
        """'fin' or 'rst', now."""
        self.how = how
        self.orders.send(b'!')
        self.was_cut.wait(5)

    def cut_behind(self, words, how):
        """As soon as one of these has been passed on to the debuggee."""
        self.behind = (words, how)

    def run(self):
        waiting = wait([self.listener, self.ordered])
        self.near = self.far = None
        if self.listener in waiting:
            self.near, _ = self.listener.accept()
            self.far = socket.create_connection(('127.0.0.1', self.to))
            for one in (self.near, self.far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.pass_on()
        self.was_cut.set()

    def pass_on(self):
        other = {self.near: self.far, self.far: self.near}
        while True:
            ready = wait([self.near, self.far, self.ordered])
            if self.ordered in ready:
                return self.break_off(self.how)
            for one in ready:
                try:
                    data = one.recv(65536)
                    if data:
                        other[one].sendall(data)
                except OSError:
                    data = b''
                if not data:  # one of them left by itself
                    return self.break_off('rst' if one is self.near else 'fin')
                if one is self.near and self.behind and any(word in data for word in self.behind[0]):
                    return self.break_off(self.behind[1])

    def break_off(self, how):
        if how == 'rst':
            self.far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            self.far.close()
            self.was_cut.set()
        else:
            self.far.shutdown(socket.SHUT_WR)
            self.was_cut.set()
            self.drain()  # closed with bytes unread, it would send RST instead
        self.near.close()

    def drain(self):
        self.far.settimeout(5)
        try:
            while self.far.recv(65536):
                pass
        except OSError:
            pass
        self.far.close()

    def close(self):
        self.cut('rst')
        self.thread.join(10)
        for one in (self.listener, self.orders, self.ordered):
            one.close()


def ip(*words):
    return subprocess.run(['ip'] + list(words), check=True, stdout=subprocess.PIPE,
                          universal_newlines=True).stdout


def why_no_namespace():
    """None, or why this machine cannot make one."""
    if os.geteuid() != 0:
        return 'a network namespace needs root'
    try:
        cable = Cable(250 + os.getpid() % 5)
    except (OSError, subprocess.SubprocessError) as error:
        return 'no network namespace here: %s' % error
    cable.close()
    return None


class Cable(object):
    """A network namespace at the end of a virtual cable. Cut, both ends send to a hardware address that
    nobody has: the cards are up, the routes are there, and every packet gets lost in silence."""

    NOWHERE = '02:00:00:00:00:01'

    def __init__(self, number):
        mark = '%x-%d' % (os.getpid(), number)
        self.name, self.here, self.there = 'sv' + mark, 'sh' + mark, 'sn' + mark
        net = '10.213.%d.%d' % (number, os.getpid() % 60 * 4)
        base, last = net.rsplit('.', 1)
        self.near, self.far = ('%s.%d' % (base, int(last) + add) for add in (1, 2))
        ip('netns', 'add', self.name)
        self.changers = []
        try:
            self.lay()
        except subprocess.SubprocessError:
            self.close()
            raise
        self.command = ('nsenter', '--net=/run/netns/' + self.name)
        self.restore()

    def lay(self):
        inside = ('-n', self.name)
        ip('link', 'add', self.here, 'type', 'veth', 'peer', 'name', self.there, 'netns', self.name)
        ip('addr', 'add', self.near + '/30', 'dev', self.here)
        ip(*inside, 'addr', 'add', self.far + '/30', 'dev', self.there)
        ip('link', 'set', self.here, 'up')
        ip(*inside, 'link', 'set', self.there, 'up')
        self.ends = [((), self.here, self.far, self.address(*inside, 'link', 'show', self.there)),
                     (inside, self.there, self.near, self.address('link', 'show', self.here))]
        for inside, _, _, _ in self.ends:  # kept running: a cut must not take the time to start them
            self.changers.append(subprocess.Popen(['ip'] + list(inside) + ['-batch', '-'],
                                                  stdin=subprocess.PIPE, bufsize=0))

    @staticmethod
    def address(*command):
        words = ip(*command).split()
        return words[words.index('link/ether') + 1]

    def send_to(self, addresses):
        for changer, (_, card, peer, _), address in zip(self.changers, self.ends, addresses):
            changer.stdin.write(('neigh replace %s lladdr %s nud permanent dev %s\n' %
                                 (peer, address, card)).encode())

    def cut(self):
        self.send_to([self.NOWHERE, self.NOWHERE])

    def wait_cut(self):
        self.wait(self.NOWHERE)

    def wait(self, address):
        deadline = time.monotonic() + 5
        for inside, card, _, real in self.ends:
            while (address or real) not in ip(*inside, 'neigh', 'show', 'dev', card):
                assert time.monotonic() < deadline, 'the neighbour of %s does not change' % card
                time.sleep(0.01)

    def restore(self):
        self.send_to([address for _, _, _, address in self.ends])
        self.wait(None)

    def close(self):
        for changer in self.changers:
            changer.stdin.close()
            changer.wait()
        subprocess.run(['ip', 'netns', 'del', self.name])


class Dark(object):
    """A link over a cable, which serves one trial after the other."""

    def __init__(self, port, cable):
        self.cable, self.command = cable, cable.command
        self.where = {'host': cable.near, 'port': port}

    def close(self):
        self.cable.restore()
