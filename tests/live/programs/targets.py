# Lines that call several functions; what was called is printed.
import functools
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
called = []


def one():
    called.append('one')  # line: one
    return 1


def two(value):
    called.append('two')  # line: two
    return value + one()


class Thing(object):
    def __init__(self, size):
        self.size = size  # line: init
        called.append('Thing')

    @property
    def never(self):
        called.append('never')
        return self.method

    def method(self, more):
        called.append('method')  # line: method
        return self.size + more

    @staticmethod
    def fixed():
        called.append('fixed')  # line: fixed
        return 3

    def __call__(self):
        called.append('call')  # line: call
        return 4


def everything():
    thing, part = Thing(1), functools.partial(two, 1)  # line: make
    total = two(one()) + thing.method(one()) + len('x') + Thing.fixed() + thing() + part()  # line: many
    maybe = total < 0 and one()  # line: maybe
    long = two(  # line: long
        thing.method(
            one()))
    for number in range(two(1)):  # line: loop
        called.append('loop')
    return total, maybe, long  # line: return


ptvsd.wait_for_attach()
print('sum %s %s %s' % everything())
print('called ' + ' '.join(called))
