# What the remote programs are tried on, under Python 2.7 to 3.11: four kinds of work, each pass of
# which appends a byte to the file `passes`.
import atexit
import os
import sys
import threading
import time

sys.dont_write_bytecode = True
import ptvsd


def note_threads(when):
    time.sleep(0.1)  # so that one that has just begun is seen
    with open('threads', 'a') as notes:
        notes.write('%s %d\n' % (when, len(sys._current_frames())))


# Runs after what ptvsd registers for the exit.
atexit.register(note_threads, 'after')

ptvsd.enable_attach('secret', address=('127.0.0.1', int(sys.argv[1])))
kind = sys.argv[2]
passes = os.open('passes', os.O_WRONLY | os.O_CREAT | os.O_APPEND, 420)
kept = None


def tick():
    os.write(passes, b'.')
    time.sleep(0.02)


def work(number):
    doubled = number * 2  # line: work
    tick()
    return doubled


def plain():
    count = 0
    while True:
        count = work(count) % 1000 + 1


def ending():
    while not os.path.exists('end'):
        tick()
    note_threads('before')


def raising():
    while True:
        try:
            int('no number')  # line: raise
        except ValueError:
            pass
        tick()


def printing():
    global kept
    while True:
        if os.path.exists('keep'):
            os.remove('keep')
            kept = sys.stdout
        sys.stdout.write('line\n')
        if kept:
            kept.write('kept\n')
        # Python 3 has a buffer below, which ptvsd wraps as well.
        getattr(sys.stdout, 'buffer', sys.stdout).write(b'bytes\n')
        tick()


def chatting():
    while True:
        for _ in range(300):
            sys.stdout.write('.')
        tick()


class Slow(object):
    def __repr__(self):
        time.sleep(0.5)
        return 'slow'


def reading():
    slow = Slow()
    while slow:
        tick()


def straggling():
    """Another thread's hit, at the file `hit`, finds this one with locals to read. It begins only then: at the attach
    stop it would read them, too, and could stand after the resume, unseen."""
    slow, others = Slow(), []
    while slow:
        if not others and os.path.exists('hit'):
            others.append(threading.Thread(target=work, args=(1,)))
            others[0].daemon = True
            others[0].start()
        tick()


class Lazy(type(sys)):
    @property
    def __file__(self):
        if os.path.exists('import'):
            sys.modules['late%d' % len(sys.modules)] = self


def importing():
    sys.modules['lazy'] = Lazy('lazy')
    plain()


def hiding():
    exec('compile = eval = getattr = dict = None')
    globals().update(compile=None, eval=None, getattr=None, dict=None, sys=None)
    while True:
        tick()


def many(function):
    workers = [threading.Thread(target=function) for _ in range(4)]
    for worker in workers:
        worker.daemon = True
        worker.start()
    while True:
        time.sleep(0.2)


if 'wait' in sys.argv:
    os.write(1, b'READY\n')
    ptvsd.wait_for_attach()
else:
    os.write(1, b'READY\n')
if kind.startswith('many-'):
    many(globals()[kind[5:]])
globals()[kind]()
