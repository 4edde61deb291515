# Calls a function through texts that an editor cannot have: of another encoding, in an archive, in a string.
import os
import sys
import time
import zipfile

import ptvsd

here = os.path.dirname(os.path.abspath(__file__))
BODY = '\n\ndef through(function, number):\n    return function(number)  # %s\n'
with zipfile.ZipFile(os.path.join(here, 'packed.zip'), 'w') as archive:
    archive.writestr('package/__init__.py', '')
    archive.writestr('package/packed.py', BODY % 'packed')
with open(os.path.join(here, 'umlauts.py'), 'wb') as opened:
    opened.write(b'# -*- coding: latin-1 -*-' + (BODY % '*****').encode('ascii').replace(b'*****', b'\xfcml\xe4\xdf'))
with open(os.path.join(here, 'large.py'), 'wb') as opened:
    opened.write(b'# a \\ and "quotes" and \'others\'; \xe2\x82\xac \xf0\x9f\x90\x8d\n'.replace(b'#', b'# coding: utf-8\n#')
                 + b'# padding \\n "x" \r\n' * 9000 + (BODY % 'large').encode('ascii'))
sys.path.insert(0, os.path.join(here, 'packed.zip'))
from package import packed
import large
import umlauts

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')
names = {}
string = '# of a string\n' + BODY % 'string'
exec(string, names)


def work(number):
    return number  # line: work


def one_round(number):
    return large.through(lambda a: packed.through(lambda b: umlauts.through(lambda c: names['through'](
        work, c), b), a), number)


count = 0
while not os.access('stop', os.F_OK):
    made = one_round(count)
    print('tick %d' % count)
    count += 1
    time.sleep(0.02)
