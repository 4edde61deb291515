# Raises and catches exceptions of a type of its own for ever; on Python 2 also one of a class that is no type.
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


class Special(KeyError):
    pass


class Plain:
    pass


class Odd(type):
    def __getattribute__(cls, name):
        if name == '__mro__':
            raise ValueError('no')
        return type.__getattribute__(cls, name)


Strange = Odd('Strange', (Exception,), {})
number = 0
while True:
    for one in (Strange, Plain) if sys.version_info < (3,) else (Strange,):
        try:
            raise one()
        except one:
            pass
    try:
        raise Special(number)  # line: special
    except KeyError:
        number += 1  # line: passed
    print('tick %d' % number)
    time.sleep(0.01)
