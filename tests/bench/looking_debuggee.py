"""The program under debug for looking.py: what is asked for in TASKS, one after the other.

    python looking_debuggee.py PORT SECRET

Runs on Python 2.7 and 3.
"""
from __future__ import print_function

import sys
import time

import ptvsd

PASSES = 100000
TASKS = []
big_list = list(range(10000000))
big_dict = dict(("key %05d" % n, n) for n in range(10000))


def printed(passes):
    begin = time.time()
    for i in range(passes):
        print("pass %d" % i)
        pass
    return time.time() - begin


def logged(passes):
    begin = time.time()
    for i in range(passes):
        i = i
        pass  # LOG
    return time.time() - begin


def tested(passes):
    begin = time.time()
    for i in range(passes):
        i = i
        pass  # TEST
    return time.time() - begin


def deep(frames):
    if frames:
        return deep(frames - 1)
    total = 0
    while total >= 0:
        total += 1  # DEEP
        total += 2
    return total


def work():
    while True:
        if TASKS:  # BREAK
            name, argument = TASKS.pop()
            print("bench-end %s" % globals()[name](argument))
        time.sleep(0.01)
        rested = True  # noqa: F841: so that the attach does not stop it at BREAK


def main():
    ptvsd.enable_attach(sys.argv[2], address=("127.0.0.1", int(sys.argv[1])))
    work()


main()
