# Values of many kinds in one frame, with a caller that has its own.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
setting = 'global'


class Point(object):
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return 'Point(%r, %r)' % (self.x, self.y)


class Broken(object):
    def __repr__(self):
        raise RuntimeError('no repr')


def fail(text):
    raise ValueError(text)


def show(first, second, *rest, **named):
    number = 42
    ratio = 0.5
    nothing = None
    flag = True
    text = 'plain'
    empty = []
    items = [1, [2, [3, 4]], {'key': 'deep'}]
    mapping = {'one': 1, 'two': [2, 22]}
    pair = (1, 'b')
    point = Point(1, Point(2, 3))
    broken = Broken()
    del empty[:]
    seen = [setting]  # line: stop
    print('number %d' % number)
    print('items %r' % (items,))
    return seen


def caller(outer):
    inner = 'in the caller'
    show(10, 'b', 30, 'more', key='word')  # line: caller
    return outer, inner


ptvsd.wait_for_attach()
caller('outermost')
while True:
    if sys.stdin.readline().strip() == 'end':
        break
