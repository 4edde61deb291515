# Raises and catches three types, then dies of the last.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
ptvsd.wait_for_attach()


class Special(KeyError):
    pass


def catch(function):
    try:
        function()
    except (ValueError, KeyError):
        pass


def value():
    raise ValueError('value')  # line: value


def special():
    raise Special('special')  # line: special


def key():
    raise KeyError('key')  # line: key


def end():
    raise KeyError('end')  # line: end


catch(value)
catch(special)
catch(key)
end()
