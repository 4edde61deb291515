# Runs a module that was compiled before (Python 2 then loads its .pyc).
import os
import sys
import time

import late_module
import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')
while not os.access('go', os.F_OK) or not ptvsd.is_attached():
    time.sleep(0.02)
print('late %d' % late_module.triple(5))
