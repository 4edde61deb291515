# Lies where ptvsd looks for Python's own library.
import os
import sys

sys.prefix = os.path.dirname(os.path.abspath(__file__))

import ptvsd  # noqa: E402

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def work():
    return sum([1, 2])  # line: work


ptvsd.wait_for_attach()
print('work', work(), work())
