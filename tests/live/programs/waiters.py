# Threads that wait in Python's library, of which ptvsd hears first, and one that works.
import sys
import threading
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def work(number):
    print('tick %d' % number)


for _ in range(3):
    waiter = threading.Thread(target=threading.Event().wait, args=(1000,))
    waiter.daemon = True
    waiter.start()
while True:
    work(1)
    time.sleep(0.01)
