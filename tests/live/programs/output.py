# Output on both channels in a known order.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
ptvsd.wait_for_attach()
sys.stdout.write('one\n')
sys.stderr.write('two\n')
sys.stdout.write('three without end')
sys.stdout.write('\n')
for number in range(300):
    print('line %d' % number)
print('END')
sys.stdin.readline()  # line: end
for number in range(3):
    print('again %d' % number)
print('END')
sys.stdin.readline()
