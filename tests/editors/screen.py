"""A program in a terminal, and what a person would see of it."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

import pyte

import workplace

LINES, COLUMNS = 40, 132
STEP = 0.05


class Screen(pyte.Screen):
    def report_device_status(self, mode, **_):
        """Is asked in ways that pyte does not know; nothing is answered."""


class Terminal(object):
    def __init__(self, command, folder, environment):
        self.screen = Screen(COLUMNS, LINES)
        self.stream = pyte.ByteStream(self.screen)
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', LINES, COLUMNS, 0, 0))
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs,
                                        stderr=theirs, start_new_session=True)
        os.close(theirs)

    def row(self, number):
        return self.screen.display[number]

    def text(self):
        return '\n'.join(row.rstrip() for row in self.screen.display).strip()

    def type(self, keys):
        os.write(self.ours, keys.encode())

    def look(self):
        """Takes in what came; waits a moment for something."""
        if not select.select([self.ours], [], [], STEP)[0]:
            return
        try:
            self.stream.feed(os.read(self.ours, 65536))
        except OSError:  # nobody holds the terminal any more
            time.sleep(STEP)

    def until(self, what, found):
        deadline = time.monotonic() + workplace.PATIENCE
        while time.monotonic() < deadline:
            self.look()
            seen = found()
            if seen:
                return seen
        raise AssertionError('waited for %s:\n%s' % (what, self.text()))

    def end(self):
        workplace.end_session(self.process)
        os.close(self.ours)
