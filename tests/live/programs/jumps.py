# Lines to jump between; what was passed is printed.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def leaf(seen):
    seen.append('leaf')  # line: leaf
    return seen


def walk():
    seen = []  # line: first
    seen.append('a')  # line: a
    seen.append('b')  # line: b

    # a line without code
    seen.append('c')  # line: c
    leaf(seen)  # line: call
    for number in (1, 2):
        seen.append(str(number))  # line: loop
    seen.append('d')  # line: d
    return seen


def closure():
    number = 1  # line: cell
    while number < 3:
        number = (lambda: number + 1)()  # line: closed
    return number


def numbers():
    yield 1  # line: yielding


def wide(seen):
    seen.append('wide')  # line: wide
    seen.extend([
        str(len(seen)),  # line: part
        'end'])
    try:
        raise KeyError('wide')
    except KeyError:  # line: except
        seen.append('caught')
    return seen  # line: out


ptvsd.wait_for_attach()
print('passed ' + ' '.join(walk()))  # line: main
list(numbers())
print('closed %d' % closure())
print('wide ' + ' '.join(wide([])))
