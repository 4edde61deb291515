# Waits for a debugger; the very next line must be able to stop.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY'); ptvsd.wait_for_attach()  # one line: an attach stop may not fall between the two
first = 'first'  # line: first
print('passed')
