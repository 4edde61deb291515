# Names beyond ASCII; valid on Python 3 only.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
ptvsd.wait_for_attach()


class Größe:
    def __init__(self, maß):
        self.maß = maß


def zeige(wörter):
    größe = Größe('ü😀')
    λ = {'schlüssel': wörter}
    return größe, λ  # line: zeige


zeige(['ä', 'Ω'])
print('ende')
sys.stdin.readline()
