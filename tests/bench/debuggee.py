"""The program under debug: a loop to break and step in, and 20,000 lines on request.

    python debuggee.py PORT SECRET

Runs on Python 2.7 and 3. Before a debugger comes it sleeps nearly all the time, so that the
attach is not measured against a busy interpreter.
"""
from __future__ import print_function

import sys
import time

import ptvsd

LINES = []


def report(count):
    for i in range(count):
        print("line %05d of the program's own output" % i)
    print("bench-end")


def work():
    i = total = 0
    names = ["red", "green", "blue"]
    seen = {}
    while True:
        i += 1
        total += i  # BREAK
        name = names[i % 3]
        seen[name] = total
        if i % 200 == 0:
            time.sleep(0.001)
            if LINES:
                report(LINES.pop())


def main():
    ptvsd.enable_attach(sys.argv[2], address=("127.0.0.1", int(sys.argv[1])))
    work()


main()
