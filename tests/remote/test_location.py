"""location.py, under every interpreter as in test_alone.py."""

import pytest

from test_alone import each, rows, run  # noqa: F401


LOCATIONS = r'''# -*- coding: utf-8 -*-
"""
class Plain(object): of the docstring
"""
import collections, functools
class Meta(type):
    def __getattribute__(self, name): raise SystemExit
def marked(one): return one
def wrapping(function):
    @functools.wraps(function)
    def wrapper(): pass
    return wrapper
class Old:
    class Plain(object): pass
if True:
    class Twice(object):
        @property
        def one(self): raise SystemExit
else:
    class Twice(object): pass
class Plain(object):
    @staticmethod
    def fixed(): pass
    def __getattr__(self, name): raise SystemExit
    def method(self): pass
@marked
@marked
class Marked(Plain): __metaclass__ = Meta
def outer():
    "doc"
    class Plain(object): pass
    return Plain
@wrapping
def wrapped(): pass
local = outer()
plain, partial = Plain(), functools.partial(wrapped)
Pair = collections.namedtuple('Pair', 'one two')
Made = type('Made', (), {'run': outer})
Named = type('Named', (), {'__module__': 'no.such'})
Watched = Meta('Watched', (), {'run': outer})
small = lambda: 1
'''


@each
@pytest.mark.parametrize('expression, found', [
    ('outer', 29), ('small', 41), ('Watched', 29), ('wrapped', 33), ('partial', 33), ('plain.method', 25), ('Plain.method', 25),
    ('Plain.fixed', 22), ('Meta', 6), ('Old', 13), ('Old.Plain', 14), ('Twice', 16), ('Plain', 21), ('Marked', 26),
    ('local', 31), ('Made', 29), ('Pair', 'class'), ('Named', 'builtin'), ('len', 'builtin'), ('int', 'builtin'),
    ('[].append', 'builtin'), ('type', 'builtin')])
def test_location(python, expression, found, tmp_path, run, remote):  # noqa: F811
    """Nothing is called for it; Python 2 tells classes of one name apart by their methods alone."""
    place = tmp_path / 'shapes.py'
    place.write_text(LOCATIONS)
    names = 'exec_main(%r) or sys.modules["__main__"].__dict__' % str(place)
    text = remote('location', "'expression': u%r, 'form': 'slices'" % expression)
    (yes,), one = rows(run, text, names)
    if python == '2.7':  # whose functools.wraps leaves no mark
        found = {'Old.Plain': 31, 'local': 31, 'wrapped': 10, 'partial': 10}.get(expression, found)
    assert yes == 'yes' and one == ([str(place), str(found)] if isinstance(found, int) else ['', found])


@each
@pytest.mark.parametrize('text', [None, 'if:', 'class Other: pass'])
def test_location_without_its_text(python, text, tmp_path, run, remote):  # noqa: F811
    """The functions of a class say where it is, or nothing does."""
    place = tmp_path / 'shapes.py'
    if text:
        place.write_text(text)
    names = ('(lambda names: (names.update(__file__=%r), eval(compile(%r, %r, "exec"), names), names)[2])('
             'sys.modules["__main__"].__dict__)' % (str(place), LOCATIONS, str(place)))
    for expression, found in (('Plain', [str(place), '22']), ('outer', [str(place), '29']), ('Old', ['', 'class'])):
        program = remote('location', "'expression': u%r, 'form': 'slices'" % expression)
        assert rows(run, program, names) == [['yes'], found]


@each
def test_location_imports_nothing(python, tmp_path, run, remote):  # noqa: F811
    place = tmp_path / 'shapes.py'
    place.write_text(LOCATIONS)
    text = remote('location', "'expression': u'Plain', 'form': 'slices'")
    said = run('(lambda n, m: (lambda old: [eval(%r, {}, n), str(sorted(set(m) - old))][1])(set(m)))('
               'exec_main(%r) or sys.modules["__main__"].__dict__, sys.modules)' % (text, str(place)))
    assert said in ('[] []', "['encodings.ascii'] []")  # PyPy's own
