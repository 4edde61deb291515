"""Runs a program under sys.settrace and prints each event in the program's own directory as a line of
JSON: [event, function, file name, line, depth]. Valid on Python 2 and 3; run by expected.py."""

import json
import os
import sys

program = os.path.abspath(sys.argv[1])
directory = os.path.dirname(program)
sys.argv[:] = [program, '0']
events = []


def depth(frame):
    count = 0
    while frame is not None:
        if os.path.dirname(frame.f_code.co_filename) == directory:
            count += 1
        frame = frame.f_back
    return count


def trace(frame, event, argument):
    code = frame.f_code
    if os.path.dirname(code.co_filename) == directory:
        events.append((event, code.co_name, os.path.basename(code.co_filename), frame.f_lineno, depth(frame)))
    return trace


with open(program) as source:
    code = compile(source.read(), program, 'exec')
sys.settrace(trace)
exec(code, {'__name__': '__main__', '__file__': program})
sys.settrace(None)
for event in events:
    sys.__stdout__.write('@' + json.dumps(event) + '\n')
