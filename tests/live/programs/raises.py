# Exceptions, caught and not, by the word given.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


class Special(KeyError):
    pass


def boom(text):
    raise ValueError(text)  # line: boom


def through(text):
    try:
        boom(text)
    finally:
        after = text


def special():
    raise Special('special')


def handled():
    try:
        through('by its name')
    except ValueError:
        pass
    try:
        through('in a tuple')
    except (KeyError, ValueError):
        pass
    try:
        special()
    except LookupError as error:
        seen = error
    try:
        through('by anything')
    except:  # noqa
        pass
    try:
        try:
            through('from the inside out')
        except KeyError:
            pass
    except Exception:
        pass
    for number in iter([1, 2]):
        seen = number
    hasattr(seen, 'no such attribute')


def caught():
    try:
        through('caught one')
    except ValueError:
        pass


def unmatched():
    try:
        through('not caught')
    except KeyError:
        pass


def missing():
    return {}['no such key']  # line: missing


def leave():
    sys.exit(0)


ptvsd.wait_for_attach()
for word in sys.argv[2:]:
    globals()[word]()
    print('after %s' % word)
print('done')
