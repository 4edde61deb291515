# Values to be changed, listed by pages and completed, in three frames.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
setting = 'global'
other = 1
called = []
unset_yet = 'of the module'


class Slots(object):
    __slots__ = ('left', 'right')

    def __init__(self):
        self.left = 'slot'


class Point(object):
    shared = ['of the class']

    def __init__(self, x, y):
        self.x = x
        self.y = y
        self.slots = Slots()

    def move(self):
        return self.x

    @property
    def fixed(self):
        called.append('fixed')
        return self.x

    @property
    def kept(self):
        return self._kept

    @kept.setter
    def kept(self, value):
        self._kept = value * 2


class Spy(object):
    """Notes what is asked of it, but for what ptvsd's own repr asks."""
    known = 1

    def __getattr__(self, name):
        if name[:2] != '__':
            called.append(name)
        raise AttributeError(name)

    def __dir__(self):
        called.append('dir')
        return ['from_dir']

    def __call__(self):
        called.append('call')
        return self


class Lazy(object):
    def __get__(self, instance, owner):
        called.append('lazy')
        return 1


class Shadow(object):
    """Its property is used, whatever its dictionary holds."""
    lazy = Lazy()

    def __init__(self):
        self.__dict__['value'] = []

    @property
    def value(self):
        called.append('value')
        return 1


class Key(object):
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return '<key %s>' % self.name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        return self.name == other.name


def numbers():
    yield 1
    yield 2


def inner_most(argument, *rest):
    number, text, pair = 42, 'plain', (1, 2)
    items, mapping = [1, [2, 3], 'four'], {'one': 1, 2: 'two', (3, 'x'): [3], Key('k'): 'of a key'}
    point, spy, shadow, some = Point(1, 2), Spy(), Shadow(), set([1])
    generator = numbers()
    big, table, wide = list(range(10 ** 6)), dict((i, str(i)) for i in range(10 ** 4)), set(range(700))
    nested = [list(range(250)), tuple(range(101))]
    held = 'in a cell'

    def inside():
        return held

    unset_yet = setting  # line: stop
    print('number %r text %r argument %r rest %r' % (number, text, argument, rest))
    print('items %r one %r key %r' % (items, mapping['one'], mapping[Key('k')]))
    print('point %r %r' % (point.x, point.__dict__.get('_kept')))
    print('held %r' % inside())
    print('called %r' % called)
    print('generator %r' % list(generator))
    return pair, some, shadow, big, table, wide, nested, unset_yet


def middle():
    local = 'in the middle'
    inner_most('given', 1, 2)  # line: middle
    print('local %r setting %r' % (local, setting))


ptvsd.wait_for_attach()
middle()
print('other %r' % other)  # line: last
while True:
    if sys.stdin.readline().strip() == 'end':
        break
