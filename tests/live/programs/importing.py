# Stands inside an import for as long as is wanted, while another thread goes on. Python 2 has one lock for all imports.
import os
import sys
import threading
import time

import ptvsd


def beside():
    turns, parts = 0, {'a': [1, 2], 'b': 'text'}
    while not os.access('done', os.F_OK):
        time.sleep(0.01)  # line: beside
        turns += 1
    return turns, parts


ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
thread = threading.Thread(target=beside, name='beside')
thread.start()
print('READY')
while not os.access('import', os.F_OK):
    time.sleep(0.01)
import importing_module  # noqa: E402

thread.join()
print('imported %d' % importing_module.answer)
