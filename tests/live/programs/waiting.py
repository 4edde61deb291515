# Waits for a line of input, and then for another, in native code all the time.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
for number in range(2):
    sys.stdin.readline()
    print('line %d' % number)
