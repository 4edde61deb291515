"""A client of the binary ptvsd wire, version 6, with nothing in between: the floor to compare with.

Reads each field once, as it arrives, and decodes everything. TCP_QUICKACK is not sticky: it is
set again before every read, or each answer stalls for 40 ms.
"""
import socket
import struct
import time

ALWAYS = 0
PYTHON_FRAME = 1
NORMAL_REPR = 0
BUSY = "<error: previous evaluation has not completed>"


class Closed(Exception):
    pass


class Reader:
    def __init__(self, sock):
        self.sock = sock
        self.data = b""
        self.at = 0

    def take(self, count):
        while len(self.data) - self.at < count:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            more = self.sock.recv(65536)
            if not more:
                raise Closed("the server closed the connection")
            self.data = self.data[self.at:] + more
            self.at = 0
        start = self.at
        self.at += count
        return self.data[start:self.at]

    def int(self):
        return struct.unpack(">q", self.take(8))[0]

    def str(self):
        prefix = self.take(1)
        if prefix == b"N":
            return None
        raw = self.take(self.int())
        return raw.decode("utf-8" if prefix == b"U" else "latin-1")

    def object(self):
        return self.str(), self.str(), self.str(), self.int(), self.int()

    def frames(self):
        thread, name = self.int(), self.str()
        return thread, name, [self.frame() for _ in range(self.int())]

    def frame(self):
        frame = [self.int(), self.int(), self.int(), self.str(), self.str(), self.int(), self.int()]
        if frame[6] == 2:
            frame += [self.str(), self.int()]
        frame.append([(self.str(), self.object()) for _ in range(self.int())])
        return frame

    def children(self):
        return self.int(), [(self.str(), self.str(), self.object()) for _ in range(self.int())]

    def exception(self):
        return self.int(), [(self.str(), self.str()) for _ in range(self.int())]


FIELDS = {
    b"NEWT": lambda r: r.int(),
    b"EXTT": lambda r: r.int(),
    b"MODL": lambda r: (r.int(), r.str()),
    b"LOAD": lambda r: r.int(),
    b"THRF": Reader.frames,
    b"BRKS": lambda r: r.int(),
    b"BRKF": lambda r: r.int(),
    b"BRKH": lambda r: (r.int(), r.int()),
    b"STPD": lambda r: r.int(),
    b"ASBR": lambda r: r.int(),
    b"EXCP": lambda r: (r.str(), r.int(), r.int(), r.str()),
    b"EXC2": Reader.exception,
    b"EXCR": lambda r: (r.int(), r.object()),
    b"EXCE": lambda r: (r.int(), r.str()),
    b"CHLD": Reader.children,
    b"OUTP": lambda r: (r.int(), r.str()),
    b"REQH": lambda r: r.str(),
    b"DETC": lambda r: None,
}


def pack(*fields):
    parts = []
    for field in fields:
        if isinstance(field, int):
            parts.append(struct.pack(">q", field))
        else:
            raw = field.encode("utf-8")
            parts.append(struct.pack(">q", len(raw)) + raw)
    return b"".join(parts)


class BareBinary:
    def __init__(self, port, secret):
        self.address = ("127.0.0.1", port)
        self.secret = secret
        self.thread = 0
        self.question = 0

    def attach(self, path, line, asked=None):
        """From the TCP connect to the report of the breakpoint; `asked` is evaluated at the attach stop."""
        self.sock = socket.create_connection(self.address, 20)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = Reader(self.sock)
        self.handshake()
        self.send(b"sexi" + pack(0, 0))
        self.send(b"brkp" + pack(1, line, path, ALWAYS, "", ALWAYS, 0))
        self.thread = self.await_tag(b"LOAD")
        if asked:
            self.evaluate(asked)
        self.send(b"resa")
        self.thread = self.await_tag(b"BRKH")[1]
        self.line = line

    def handshake(self):
        try:
            if self.reader.take(7) != b"PTVSDBG":
                raise Closed("no binary ptvsd answers")
            version = self.reader.int()
            if version != 6:
                raise Closed("ptvsd speaks wire version %d, not 6" % version)
            self.send(b"PTVSDBG" + pack(version) + pack(self.secret))
            self.expect(b"ACPT")
            self.send(b"ATCH" + pack("RedirectOutput"))
            self.expect(b"ACPT")
        except BaseException:
            self.reset()
            raise
        self.process = [self.reader.int() for _ in range(4)]

    def reset(self):
        """A FIN during the handshake would make the server spin for good; an RST does not."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def expect(self, answer):
        if self.reader.take(4) != answer:
            raise Closed("the server refused")

    def send(self, raw):
        self.sock.sendall(raw)

    def read(self):
        tag = self.reader.take(4)
        return tag, FIELDS[tag](self.reader)

    def await_tag(self, wanted):
        while True:
            tag, fields = self.read()
            if tag == wanted:
                return fields
            if tag == b"REQH":
                self.send(b"sehi" + pack(fields, 0))

    def clear_breakpoint(self):
        self.send(b"brkr" + pack(self.line, 1))

    def step(self):
        """Stack and locals come with the stop, so that one exchange is all."""
        self.send(b"stpv" + pack(self.thread))
        while True:
            tag, fields = self.read()
            if tag == b"THRF":
                self.stack = fields[2]
            elif tag == b"STPD":
                return self.stack[0][2]

    def evaluate(self, text):
        while True:
            self.question += 1
            self.send(b"exec" + pack(text, self.thread, 0, self.question, PYTHON_FRAME, NORMAL_REPR))
            while True:
                tag, fields = self.read()
                if tag == b"EXCR":
                    return fields[1][0]
                if tag == b"EXCE":
                    break
            if fields[1] != BUSY:
                raise Closed("cannot evaluate %s: %s" % (text, fields[1]))
            time.sleep(0.001)

    def run_until_output(self, marker):
        self.send(b"resa")
        tail = ""
        while True:
            tag, fields = self.read()
            if tag == b"OUTP":
                tail = tail[-40:] + fields[1]
                if marker in tail:
                    return

    def leave(self):
        self.send(b"detc")
        self.await_tag(b"DETC")
        self.sock.close()
