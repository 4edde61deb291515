"""children.py by itself, under every interpreter: what is listed of which values, and under which names."""

from test_alone import each, rows, run  # noqa: F401


def children(remote, expression, only='', start=0, count=None, most=None, find=None, special=False, methods=False):
    return remote('children', "'expression': u%r, 'only': %r, 'start': %d, 'count': %r, 'most': %r, 'find': %s, "
                  "'special': %r, 'methods': %r, 'form': 'slices'" % (
                      expression, only, start, count, most, find and 'u%r' % find, special, methods))


@each
def test_children(python, run, remote):
    names = "{'v': [7, 'a\\tb', [1]], 'm': {'k': 1}, 's': set([5]), 'n': 3}"
    assert rows(run, children(remote, 'v'), names) == [
        ['yes'], ['0', '3'], ['[0]', 'v[0]', '7', '0x7', 'int', '0', '0'],
        ['[1]', 'v[1]', "'a\\\\tb'", '', 'str', '3', '0'], ['[2]', 'v[2]', '[1]', '', 'list', '1', '1']]
    assert rows(run, children(remote, 'v', 'indexed', 1, 1), names)[2:] == [
        ['[1]', 'v[1]', "'a\\\\tb'", '', 'str', '3', '0']]
    assert rows(run, children(remote, 'v', most=2), names) == [['yes'], ['0', '3']]
    assert rows(run, children(remote, 'm'), names)[2][:3] == ["['k']", "m['k']", '1']
    assert rows(run, children(remote, 's'), names)[2][:2] == ['[0]', 'next((v for i, v in enumerate(s) if i == 0))']
    assert rows(run, children(remote, 'v', find='[2]'), names) == [
        ['yes'], ['[2]', 'v[2]', '[1]', '', 'list', '1', '1']]
    assert rows(run, children(remote, 'v', find='[3]'), names) == [['yes']]
    assert rows(run, children(remote, 'no_such'), names) == [['no', "NameError: name 'no_such' is not defined"]]
    assert rows(run, children(remote, 'shown'), names) == [['yes'], ['0', '0']]


@each
def test_children_of_the_programs_own_containers(python, run, remote):
    """Each is looked at in its own way, and what cannot be had does not take the rest with it."""
    names = "(lambda names: (eval(compile(%r, '', 'exec'), names), names)[1])({})" % (
        """
class Frame(object):  # of pandas, in short: goes through its columns, and counts its rows
    columns, rows = ['a', 'b', 'c'], [1, 2]
    def __len__(self): return 2
    def __iter__(self): return iter(self.columns)
    def keys(self): return self.columns
    def items(self): return []
    def __getitem__(self, key): return {'a': 'first', 'b': 'second', 'c': 'third'}[key]
class Series(Frame):  # goes through its values
    def __iter__(self): return iter([7, 8, 9])
class ByKey(object):
    size = 1
    def __len__(self): return 1
    def __getitem__(self, key): raise KeyError(key)
class Broken(object):
    kept = 1
    def __len__(self): return 3
    def __iter__(self):
        yield 'one'
        raise ValueError()
class Bad(list):
    kept = 1
    def __len__(self): raise TypeError()
class Empty(object):
    def __init__(self): self.limit = 5
    def __len__(self): return 0
    def __repr__(self): return 'empty'
class Named(object): pass
class Pointer(object):
    contents = 1
    def __getitem__(self, index): return asked.append(index)
class Streamed(object):
    def __iter__(self): return iter(asked.append(1) or [])
class Anew(object):
    def __len__(self): return 2
    def __iter__(self): return iter([(0, 'x' * 4), (1, 'y')])
    def __getitem__(self, index): return list(self)[index]
asked = []
frame, series, by_key, broken, bad, pointer, streamed, anew = Frame(), Series(), ByKey(), Broken(), Bad(), Pointer(), Streamed(), Anew()
named, holder = Named(), [Empty()]
vars(named).update({'content-type': 1, 'class': 2, 'plain': 3, 'a.b': 4})
alike = {('/home/user/project/a/module_one.py', 12): 1, ('/home/user/project/b/module_one.py', 12): 2}
same = {type('Same', (), {'__repr__': lambda self: 'same'})(): 1, type('Same', (), {'__repr__': lambda self: 'same'})(): 2}
limits = {float('inf'): 1}
""")

    def found(expression, *arguments, **how):
        return [one[:2] for one in rows(run, children(remote, expression, *arguments, **how), names)[1:]]

    assert [name for name, _ in found('frame', 'indexed')[1:]] == ["['a']", "['b']", "['c']"]
    assert [name for name, _ in found('series', 'indexed')[1:]] == ["['a']", "['b']", "['c']"]
    assert found('by_key')[1:] == [['size', 'by_key.size']]
    assert [name for name, _ in found('broken')[1:]] == ['kept', '[0]']
    assert ['kept', 'bad.kept'] in found('bad')
    assert found('pointer')[1:] == [['contents', 'pointer.contents']]
    assert [name for name, _ in found('streamed')[1:]] == ['Results View']
    assert run("str((lambda names: (eval(%r, names), names['asked'])[1])(%s))" % (children(remote, 'streamed'), names)).count('1') == 0
    assert found('anew')[1:] == [['[0]', 'anew[0]'], ['[1]', 'anew[1]']]
    assert sorted(found('named')[1:]) == [
        ['a.b', "vars(named)['a.b']"], ['class', "vars(named)['class']"], ['content-type', "vars(named)['content-type']"],
        ['plain', 'named.plain']]
    assert rows(run, children(remote, 'holder'), names)[2][-2:] == ['0', '1']  # without a length, and expandable
    first, second = sorted(name for name, _ in found('alike')[1:])
    assert first != second
    (one,) = found('alike', find=second)
    assert one[1] == 'alike' + second
    assert len(found('same', find='[same]')) == 2
    assert found('limits')[1][1].startswith('limits[next(')


@each
def test_attributes(python, run, remote):
    """Properties are told from what they give, and what ptvsd leaves out is brought on demand."""
    names = """{'v': type('V', (), {'f': lambda self: 1, '__repr__': lambda self: 'v',
        'p': property(lambda self: 2), '_s': property(lambda self: 3, lambda self, value: None), 'c': 4})(),
        'i': iter([7]), 't': (5,)}"""
    flags = dict((one[0], one[-1]) for one in rows(run, children(remote, 'v'), names)[2:])
    assert flags == {'p': '768', '_s': '512', 'c': '0'}
    for name, how in (('f', 'methods'), ('__doc__', 'special')):
        assert len(rows(run, children(remote, 'v', find=name), names)) == 1
        assert len(rows(run, children(remote, 'v', find=name, **{how: True}), names)) == 2
    assert rows(run, children(remote, 't'), names)[2][-1] == '256'
    (view,) = rows(run, children(remote, 'i'), names)[2:]
    assert (view[0], view[1], view[-1]) == ('Results View', 'tuple(v for i, v in zip(range(1000), i))', '261')
