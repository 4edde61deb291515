# A role of a cloud service: says what it was given, then works until a file named `stop` appears.
import os
import sys
import time

print('READY %s %s' % (os.environ.get('GREETING'), sys.argv[1:]))


def work(number):
    return number * 2  # line: work


count = 0
while not os.access('stop', os.F_OK):
    work(count)
    print('tick %d' % count)
    sys.stdout.flush()
    count += 1
    time.sleep(0.02)
