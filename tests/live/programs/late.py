# Imports a module only after a while; its breakpoints are bound then.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')
while not os.access('import', os.F_OK) or not ptvsd.is_attached():
    time.sleep(0.02)
import late_module

print('late %d' % late_module.triple(5))
print('later %d' % late_module.triple(6))
