# Raises what str() refuses: on Python 2 any text that is not ASCII, or with a file named `bad` an exception that cannot
# be shown at all.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


class Bad(Exception):
    def __str__(self):
        raise TypeError('no text')


def throw():
    if os.access('bad', os.F_OK):
        raise Bad()  # line: bad
    raise ValueError(u'caf\xe9')  # line: text


while not os.access('stop', os.F_OK):
    try:
        throw()
    except (Bad, ValueError) as error:
        print('caught %s' % type(error).__name__)
    time.sleep(0.02)
