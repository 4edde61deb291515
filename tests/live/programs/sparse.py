"""Lines at which Python never stops,

in all places."""
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')


def work(number):
    """A docstring,

    of three lines."""
    # a comment

    if number % 2:
        made = number  # line: odd

        # before else
    else:
        made = -number  # line: even
    text = '''of

    lines'''

    return made, text  # line: return
    # behind the end


# before the class
class Thing(object):
    """Of a class."""

    # before the method
    def method(self):
        return 1  # line: method


count = 0
while not os.access('stop', os.F_OK):
    made = work(count)  # line: call

    print('tick %d' % count)
    count += 1
    time.sleep(0.02)
# at the end
