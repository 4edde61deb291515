# Writes what is no text, or none that can be encoded.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
ptvsd.wait_for_attach()
raw = getattr(sys.stdout, 'buffer', sys.stdout)
raw.write(b'raw \xff\xfe end\n')
raw.flush()
refused = 0
try:
    sys.stdout.write(12)
except TypeError:
    refused += 1
if sys.version_info[0] > 2:
    sys.stderr.write(u'\udcff lone\n')
else:
    sys.stderr.write(b'\xff lone\n')
    sys.stdout.write(bytearray(b'array\n'))
    sys.stdout.write(buffer(b'buffer\n'))  # noqa: F821

    class Disguised(str):
        def __str__(self):
            return 'of another length'
    sys.stdout.write(Disguised('disguised\n'))
print('END')
refused += 0  # line: end
