# Started by the launch request: says how it was started, then does as it is told.
import os
import sys


def work(number):
    doubled = number * 2  # line: work
    return doubled


print('started %s' % ' '.join(sys.argv[1:]))  # line: first
print('main %s %s' % (__name__, os.path.basename(__file__)))
print('where %s' % os.getcwd())
print('names %s' % sorted(name for name in globals() if not name.startswith('__')))
print('env %s %s' % (os.environ.get('ADDED'), os.environ.get('GONE')))
sys.stderr.write('to stderr\n')
sys.stdout.flush()
made = work(21)  # line: call
how = sys.argv[1]
if how == 'exit':
    sys.exit(int(sys.argv[2]))
if how == 'raise':
    raise ValueError('on purpose')  # line: raise
if how == 'kill':
    os.kill(os.getpid(), 9)
if how == 'wait':
    import time
    open('waiting', 'w').close()
    while True:
        time.sleep(0.01)  # line: wait
if how == 'print':
    import time
    open('waiting', 'w').close()
    for turn in range(80):
        print('turn %d' % turn)
        sys.stdout.flush()
        sys.stderr.write('turn\n')
        time.sleep(0.02)
    open('printed', 'w').close()
if how == 'children':
    import subprocess
    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'])
print('made %d' % made)
