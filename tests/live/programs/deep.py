# 500 frames of one function.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def down(left):
    if left == 1:
        return 0  # line: bottom
    return down(left - 1) + 1  # line: down


ptvsd.wait_for_attach()
print('depth %d' % down(500))
