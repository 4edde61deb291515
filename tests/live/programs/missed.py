# Misses an attach as wait_for_attach() may: it comes between that call's look at DETACHED and its clear().
import os
import sys
import threading
import time

import ptvsd
import ptvsd.attach_server

event = ptvsd.attach_server._attached
came = threading.Lock()
came.acquire()
source = 'def set():\n    real_set()\n    came.release()\ndef clear():\n    came.acquire()\n    real_clear()\n'
names = {'came': came, 'real_set': event.set, 'real_clear': event.clear}
exec(compile(source, threading.__file__.replace('.pyc', '.py'), 'exec'), names)  # where no attach stop falls
event.set, event.clear = names['set'], names['clear']


def beside():
    while not os.access('done', os.F_OK):
        time.sleep(0.05)


ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
thread = threading.Thread(target=beside)
thread.start()
print('READY')
ptvsd.wait_for_attach()
print('attached')
thread.join()
