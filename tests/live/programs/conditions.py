# Passes the same lines with different numbers.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
ptvsd.wait_for_attach()
total = 0
for number in range(10):
    total += number  # line: add
    half = total // 2  # line: half
print('total %d' % total)
