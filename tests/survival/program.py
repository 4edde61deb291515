# Works in a loop, in one thread or in four, and prints how often each has been through, until a file
# named `stop` appears; then exits with 7. While a file named `raise` is there, each pass raises.
import os
import sys
import threading
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('0.0.0.0', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
counts = [0] * int(sys.argv[2])
print('READY')


def fail(number):
    raise ValueError(number)  # line: raise


def work(number):
    doubled = number * 2  # line: work
    if os.access('raise', os.F_OK):
        try:
            fail(doubled)
        except ValueError:
            pass
    return doubled  # line: return


def run(index):
    while not os.access('stop', os.F_OK):
        work(counts[index])
        counts[index] += 1
        if index == 0:
            print('tick %s' % ' '.join([str(count) for count in counts]))
        time.sleep(0.02)


others = [threading.Thread(target=run, args=(index,)) for index in range(1, len(counts))]
for other in others:
    other.start()
run(0)
for other in others:
    other.join()
sys.exit(7)
