# Three threads that each take turns of their own, and count them.
import os
import sys
import threading
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
turns, caught, where = [0, 0, 0], [0, 0, 0], {}
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'one'))


def leaf(number):
    if where.get(number) == 'raise':
        raise ValueError(number)  # line: raise
    return number


def passes(number):
    return where.get(number) != 'raise'


def branch(number):
    found = passes(number) or leaf(number)  # line: branch
    while where.get(number) == 'sleep':
        where[number] = 'asleep'
        time.sleep(0.5)
    if where.get(number) == 'dialog':
        import dialog
        dialog.show(number)
    return found


def turn(number):
    turns[number] += 1  # line: turn
    try:
        branch(number)
    except ValueError:
        caught[number] += 1
    time.sleep(0.005)


def work(number):
    while not os.access('stop', os.F_OK):
        turn(number)


for number in (1, 2):
    threading.Thread(target=work, args=(number,), name='worker-%d' % number).start()
print('READY')
while not os.access('stop', os.F_OK):
    turn(0)
    print('tick %d %d %d' % tuple(turns))
