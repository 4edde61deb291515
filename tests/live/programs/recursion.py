import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def factorial(number):
    if number < 2:
        return 1  # line: bottom
    smaller = factorial(number - 1)  # line: recur
    return number * smaller  # line: multiply


ptvsd.wait_for_attach()
print('factorial %d' % factorial(5))
