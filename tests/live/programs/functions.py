# Functions of many kinds, called again and again; a module that comes late; a function defined late.
import functools
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
import shapes
print('READY')  # who attaches during an import may not be let in


def decorated(function):
    @functools.wraps(function)
    def inner(*arguments):
        return function(*arguments)
    return inner


def hidden(function):
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper


def plain(number,
          other=1):
    """A docstring,
    of two lines."""

    # and a comment
    doubled = number * 2  # line: plain
    return doubled + other


@decorated
def marked(number):
    return number + 1  # line: marked


@hidden
def wrapped(number):
    return number + 2  # line: wrapped


class Base(object):
    def inherited(self, number):
        return number  # line: inherited


class Player(Base):
    def __init__(self):
        self.score = 0  # line: init

    def guess(self, number):
        self.score += number  # line: guess
        return self.score

    @staticmethod
    def rules(number):
        return number  # line: rules

    @classmethod
    def made(cls, number):
        return number  # line: made


def one_round(count):
    player = Player()
    return (plain(count), marked(count), wrapped(count), player.guess(count), player.rules(count), player.made(count),
            player.inherited(count), shapes.area(count), shapes.Square(count).grow(2))


count, late = 0, None
while not os.access('stop', os.F_OK):
    made = one_round(count)
    if os.access('import', os.F_OK):
        import late_module as late
    if os.access('define', os.F_OK):
        exec(compile('def latest(number):\n    return number\n', 'latest.py', 'exec'), globals())
    if late:
        print('late %d' % late.triple(count))
    if 'latest' in globals():
        print('latest %d' % latest(count))  # noqa: F821
    print('tick %d' % count)
    count += 1
    time.sleep(0.02)
