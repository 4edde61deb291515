# Ends in the way the second argument says.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')
while not os.access('go', os.F_OK) or not ptvsd.is_attached():
    time.sleep(0.02)
    print('tick')
how = sys.argv[2]
if how == 'exit':
    sys.exit(3)
if how == 'os':
    os._exit(4)
if how == 'raise':
    raise ValueError('the end')
