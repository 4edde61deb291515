# Three threads in two files that call, raise, catch and start others, until a file named `stop` appears.
import os
import sys
import threading
import time

import ptvsd

import wander_part

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')


def going():
    return not os.access('stop', os.F_OK)


def work(number):
    doubled = wander_part.double(number)  # line: work
    items = [doubled, {'number': number, 'text': 'item %d' % number}]
    return items  # line: return


def side(number):
    while going():
        number += 1  # line: side
        wander_part.risky(number)
        time.sleep(0.01)


def brief(number):
    if number % 3 == 0:
        raise KeyError('nobody catches %d' % number)  # line: uncaught
    return number


def quietly(number):
    try:
        brief(number)
    except ArithmeticError:
        pass


for number in (1, 2):
    thread = threading.Thread(target=side, args=(number,), name='side-%d' % number)
    thread.daemon = True
    thread.start()


def main():
    count = 0
    while going():
        made = work(count)  # line: call
        if count % 40 == 39:
            thread = threading.Thread(target=quietly, args=(count,), name='brief')
            thread.daemon = True
            thread.start()
        print('tick %d' % count)
        count += 1
        time.sleep(0.01)


main()  # so that no frame of the module can be begun anew, enable_attach and all
print('stopped')
