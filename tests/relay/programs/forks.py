# Runs itself in a child process when told to, and says what came out of it.
import subprocess
import sys


def work():
    result = 6 * 7
    print('made %d' % result)  # line: child


def parent():
    import ptvsd
    ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
    print('READY')
    sys.stdin.readline()
    print('child ' + subprocess.check_output([sys.executable, __file__, 'child']).decode())
    sys.stdin.readline()


if sys.argv[1] == 'child':
    work()
else:
    parent()
