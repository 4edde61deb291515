# Passes one line many times: in a loop, in a recursion, in three threads.
import sys
import threading

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def down(depth):
    left = depth - 1  # line: down
    if left:
        down(left)


def worker():
    for turn in range(100):
        seen.append(turn)  # line: worker


def passes(count):
    total = 0
    for number in range(count):
        even = number // 2 * 2
        total += number  # line: pass
    return total  # line: over


seen = []
name = u'Gr\xfc\xdfe \u263a'
while True:
    word = sys.stdin.readline().split()
    if not word:
        break
    if word[0] == 'recursion':
        down(int(word[1]))
    elif word[0] == 'threads':
        workers = [threading.Thread(target=worker) for _ in range(3)]
        for thread in workers:
            thread.start()
        for thread in workers:
            thread.join()
    else:
        passes(int(word[1]))
    print('done %s' % word[0])  # line: done
