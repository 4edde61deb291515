"""exception_bases.py, under every interpreter as in test_alone.py."""

import pytest

from test_alone import each, run  # noqa: F401


@each
@pytest.mark.parametrize('method, bare', [('ShouldBreak', False), ('should_break', True)])
def test_exception_bases(python, method, bare, run, remote):  # noqa: F811
    """Both ways of ptvsd's to name types of Python's own; classes that tell no bases are left to it."""
    named = {'%sLookupError' % home: True for home in ('', 'exceptions.', 'builtins.')}
    named.update({'__main__.Near': False})
    text = remote('exception_bases', "'bases': %r, 'exact': ['__main__.Exact'], 'form': 'text'" % named)
    stands = (
        'own = KeyError.__module__ + "." if %r else "?"' % bare,
        'def name(kind): return (kind.__module__ + ".").replace(own, "") + kind.__name__',
        'class Info(object): break_on = dict.fromkeys(%r, 1)' % sorted(named),
        'Info.break_on.update({"__main__.Near": 32, "__main__.Exact": 0})',
        'def judge(self, thread, kind, *more): return self.break_on.get(name(kind), "none")',
        'setattr(Info, %r, judge)' % method,
        'd.BREAK_ON, d.text = Info(), text',
        'if %r: d.get_exception_name = name' % bare,
        'said[:] = [d.run(text, 0)[1]]',
        'class Near(KeyError): pass',
        'class Nearer(Near): pass',
        'class Exact(KeyError): pass',
        'class Both(ValueError, LookupError): pass',
        'class Old: pass',
        'def ask(*kinds): said.append(repr([getattr(d.BREAK_ON, %r)(1, kind, None, None) for kind in kinds]))' % method,
        'ask(LookupError, KeyError, Near, Nearer, Exact, Both, ValueError, Old, KeyError)',
        'd.BREAK_ON.break_on.pop("__main__.Near")',
        'ask(Near, Nearer)',
        'd.BREAK_ON.break_on.clear()',
        'ask(KeyError, Near)',
        'assert list(d.BREAK_ON.break_on) == ["bridge.bases"]',
        'd.BREAK_ON.break_on["__main__.Near"] = 32',
        'ask(Nearer)',
        'd.BREAK_ON.break_on.clear()',  # ptvsd sets what the editor names now
        'd.BREAK_ON.break_on["__main__.Nearer"] = 1',
        'ask(Nearer, Nearer)')
    said = run(text, *stands).splitlines()
    assert said == ['yes', 'set', " [1, 1, 32, 32, 0, 1, 'none', 'none', 1] [1, 1] ['none', 'none'] [32] [1, 1]"]
