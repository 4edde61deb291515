"""A number-guessing game, to be played by a person or, with nobody there, by itself.

    python game.py                 just the game
    python game.py PORT SECRET     the same, open for a debugger

The two lines that a program needs for ptvsd are in listen(). Runs on Python 2.7 and 3.
"""
from __future__ import print_function

import random
import sys
import time


def listen(port, secret):
    import ptvsd
    ptvsd.enable_attach(secret, address=("127.0.0.1", int(port)))


def ask(low, high):
    """One guess: typed in, or the middle of what is still possible."""
    if sys.stdin.isatty():
        print("Your guess?")
        return int(sys.stdin.readline())
    time.sleep(0.2)
    return (low + high) // 2


def play(name, round_number):
    number = random.randint(1, 20)
    low, high = 1, 20
    print("Round %d: I have a number between 1 and 20 in mind, %s." % (round_number, name))
    for taken in range(1, 7):
        guess = ask(low, high)
        if guess < number:
            print("%d is too low." % guess)
            low = guess + 1
        elif guess > number:
            print("%d is too high." % guess)
            high = guess - 1
        else:
            print("%d it is, at guess number %d!" % (guess, taken))
            return
    print("Out of guesses. It was %d." % number)


def main():
    if len(sys.argv) == 3:
        listen(sys.argv[1], sys.argv[2])
    name = "stranger"
    if sys.stdin.isatty():
        print("What is your name?")
        name = sys.stdin.readline().strip()
    round_number = 0
    while True:
        round_number += 1
        play(name, round_number)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
