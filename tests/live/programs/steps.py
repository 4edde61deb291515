# Calls of all kinds, without output, for stepping.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def leaf(number):
    result = number + 1  # line: leaf
    return result


def branch(numbers):
    total = 0
    for number in numbers:
        if number % 2:
            total += leaf(number)
        else:
            total -= leaf(leaf(number))
    return total


def count_to(limit):
    for number in range(limit):
        yield number


def guarded(divisor):
    try:
        return 10 // divisor
    except ZeroDivisionError:
        return None
    finally:
        leaf(0)


class Thing(object):
    kind = 'thing'

    def __init__(self, size):
        self.size = size

    @property
    def double(self):
        return self.size * 2


def main():
    start = 1  # line: start
    total = branch([1, 2, 3])
    squares = [leaf(number) for number in range(2)]
    for number in count_to(2):
        total += number
    guarded(0)
    thing = Thing(total)
    total = thing.double
    in_order = sorted([3, 1, 2], key=lambda number: -number)
    with_two = leaf(
        leaf(
            total))
    return start, squares, in_order, with_two


ptvsd.wait_for_attach()
answer = main()  # line: call
print('done')
