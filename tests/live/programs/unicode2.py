# -*- coding: utf-8 -*-
# Text beyond ASCII in values, output and an exception; valid on Python 2 and 3.
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
ptvsd.wait_for_attach()


def show(word, raw):
    smile = u'\U0001f600'
    entries = [word, {word: smile}]
    return entries  # line: show


show(u'gr\xfc\xdfe', u'gr\xfc\xdfe'.encode('utf-8'))
print('gr\xc3\xbc\xc3\x9fe \xe2\x9c\x93' if sys.version_info[0] == 2 else u'gr\xfc\xdfe \u2713')
print('END')
sys.stdin.readline()
