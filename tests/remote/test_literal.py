"""protocol/literal.c against Python itself: thousands of random texts, read back by every
interpreter, must be equal and of the right type. Python 2 cannot be imported into pytest, so each
interpreter judges in one process of its own."""

import json
import random
import subprocess

import pytest

import tools

# Reads JSON [[literal, text], …] from standard input and says which literals are wrong.
JUDGE = r'''
import json, sys
text_type = type(u'')
stdin = getattr(sys.stdin, 'buffer', sys.stdin)
wrong = []
for kind, literal, text in json.loads(stdin.read().decode('ascii')):
    wanted = text if kind == 'text' or str is text_type else text.encode('utf-8')
    value = eval(str(literal))
    if kind == 'text' and type(value) is not text_type or kind == 'native' and type(value) is not str:
        wrong.append((literal, 'type'))
    elif value != wanted:
        wrong.append((literal, 'value'))
    # As part of a longer program, and as unicode source, which the JSON wires make of it.
    elif eval(u'[%s, 1]' % literal)[0] != wanted:
        wrong.append((literal, 'in a list'))
print(json.dumps(wrong[:5]))
'''
SPECIAL = list('\'"\\\n\r\t\x01\x1f\x7f\x80\x85\xa0\xffuUxN{}%#0aF') + [
    '\u0100', '\u2028', '\u2029', '\ud7ff', '\ue000', '\ufeff', '\uffff', '\U00010000', '\U0010ffff',
    "'''", '\\x', '\\u0041', '\\N{BULLET}', '\\\n']


def character(chance):
    pick = chance.random()
    if pick < 0.5:
        return chance.choice(SPECIAL)
    code = chance.randrange(1, 0x110000 if pick < 0.65 else 0x10000 if pick < 0.8 else 0x80)
    return '?' if 0xd800 <= code < 0xe000 else chr(code)


def texts(count):
    chance = random.Random(20)
    made = ['', "'", '\\', 'C:\\new\\table', 'gr\xfc\xdf \u20ac \U0001f600']
    made += SPECIAL + [chr(code) for code in range(1, 0x180)]
    while len(made) < count:
        made.append(''.join(character(chance) for _ in range(chance.randrange(1, 24))))
    return made


@pytest.fixture(scope='module')
def cases(dump):
    wanted = texts(8000)
    stdin = b''.join(text.encode('utf-8') + b'\0' for text in wanted)
    found = []
    for kind in ('text', 'native'):
        literals = dump(kind, input=stdin).splitlines()
        assert len(literals) == len(wanted)
        found += [[kind, literal, text] for literal, text in zip(literals, wanted)]
    return json.dumps(found).encode('ascii')


@pytest.mark.parametrize('python', tools.PYTHONS)
def test_literals_read_back(python, cases):
    path = tools.interpreter(python)
    if not path:
        pytest.skip('no such interpreter here')
    said = subprocess.run([path, '-c', JUDGE], input=cases, stdout=subprocess.PIPE, check=True).stdout
    assert json.loads(said.decode('ascii')) == []
