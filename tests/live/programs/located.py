# Functions and classes in variables, in two frames.
import collections
import functools
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
import shapes


class Outer(object):  # line: outer class
    class Inner(object):  # line: inner class
        pass

    def method(self):  # line: method
        return self


class Old:  # line: old class
    pass


def plain(number):  # line: plain
    return number * 2


def other():  # line: other
    return 1


def show():
    one, bound, unbound, part = plain, Outer().method, Outer.method, functools.partial(plain, 1)
    area, square, inner, old = shapes.area, shapes.Square, Outer.Inner, Old
    made, number, builtin = collections.namedtuple('Made', 'x'), 42, len
    print('number %d' % number)  # line: stop
    return one, bound, unbound, part, area, square, inner, old, made, builtin


def caller():
    one = other
    show()
    return one  # line: again


ptvsd.wait_for_attach()
caller()
while True:
    if sys.stdin.readline().strip() == 'end':
        break
