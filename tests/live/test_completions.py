"""completions: names, attributes, keywords; nothing of the program's is called for them."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def stopped(looking):
    """(program, client, thread, top frame id)"""
    def start(**announced):
        program, client, thread = looking(**announced)
        return program, client, thread, client.top(thread)['id']
    return start


def complete(client, frame, text, **more):
    """{label: target} at the end of the text."""
    where = dict({'column': len(text) + 1}, **more)
    targets = client.request('completions', frameId=frame, text=text, **where)['targets']
    assert len({one['label'] for one in targets}) == len(targets)
    return {one['label']: one for one in targets}


def test_names(stopped):
    program, client, thread, frame = stopped()
    assert client.capabilities['completionTriggerCharacters'] == ['.']
    found = complete(client, frame, 'nu')
    assert found == {'number': {'label': 'number', 'type': 'variable', 'start': 0, 'length': 2},
                     'numbers': {'label': 'numbers', 'type': 'function', 'start': 0, 'length': 2}}
    assert complete(client, frame, '[no')['not']['type'] == 'keyword'
    assert complete(client, frame, 'x = le')['len'] == {'label': 'len', 'type': 'function', 'start': 4, 'length': 2}
    assert complete(client, frame, 'Poi')['Point']['type'] == 'class'
    assert complete(client, frame, 'pt')['ptvsd']['type'] == 'module'
    assert complete(client, frame, 'setti') and complete(client, frame, 'argum')
    assert complete(client, frame, 'no_such') == {} == complete(client, frame, '"nu') == complete(client, frame, '# nu')
    everything = complete(client, frame, '')
    assert {'number', 'setting', 'len', 'if'} <= set(everything)
    outer = client.stack(thread)[1]['id']
    assert 'local' in complete(client, outer, 'lo') and 'number' not in complete(client, outer, 'nu')


def test_attributes(stopped):
    program, client, thread, frame = stopped()
    found = complete(client, frame, 'point.')
    assert {name: one['type'] for name, one in found.items() if name[0] != '_'} == {
        'x': 'field', 'y': 'field', 'slots': 'field', 'shared': 'field', 'move': 'method', 'fixed': 'property',
        'kept': 'property'}
    assert found['x']['start'] == 6 and found['x']['length'] == 0
    assert '__class__' in found
    assert set(complete(client, frame, 'point.slots.le')) == {'left'}
    assert 'upper' in complete(client, frame, 'point.slots.left.up')
    assert 'append' in complete(client, frame, 'point.shared.') and 'append' in complete(client, frame, 'items[1].')
    assert 'append' in complete(client, frame, 'f(items, items[ 1 ] . a')
    assert 'keys' in complete(client, frame, 'mapping.k') and 'upper' in complete(client, frame, "mapping[2].u")
    assert 'upper' in complete(client, frame, "'a.b'.u") and 'path' in complete(client, frame, 'sys.pa')
    assert complete(client, frame, 'sys.pa')['path']['type'] == 'variable'
    assert 'shared' in complete(client, frame, 'Point.sh') and 'mro' in complete(client, frame, 'Point.m')
    for text in ('no_such.', 'point.no_such.', 'items[7].', 'point.fixed.', 'numbers().', '.', '1 + ).', 'items[number.', '?.'):
        if text != 'items[number.':
            assert complete(client, frame, text) == {}, text
        else:
            assert 'real' in complete(client, frame, text)


def test_without_side_effects(stopped):
    program, client, thread, frame = stopped()
    assert complete(client, frame, 'shadow.value.') == {} == complete(client, frame, 'shadow.lazy.')
    for text in ('point.fixed.', 'point.kept.', 'spy.', 'spy.x', 'spy.known.', 'spy.unknown.', 'spy().', 'spy.__class__.',
                 'point.', 'sp', ''):
        complete(client, frame, text)
    assert 'known' in complete(client, frame, 'spy.kn') and 'bit_length' in complete(client, frame, 'spy.known.bit_l')
    assert complete(client, frame, 'spy.from_dir') == {}
    client.continue_(thread)
    program.wait_line('called []')


def test_positions(stopped):
    """Columns count UTF-16 units, in the line asked for; `start` counts from 0, whatever the editor's columns do."""
    program, client, thread, frame = stopped()
    text = '"\U0001f600" + numb'
    (found,) = [one for one in client.request('completions', frameId=frame, text=text, column=12)['targets']
                if one['label'] == 'number']
    assert (found['start'], found['length']) == (7, 4)
    found = complete(client, frame, 'first.x\npoint.mo(1)\nlast', line=2, column=9)
    assert found['move']['start'] == 6 and found['move']['length'] == 2
    assert 'number' in complete(client, frame, 'nu', column=99)
    assert 'number' in complete(client, frame, 'nu', column=-5)
    assert 'number' in complete(client, frame, 'nu', line=7)
    assert 'text' in client.refused('completions', frameId=frame, column=1)
    assert 'over' in client.refused('completions', frameId=98765, text='nu', column=3)


def test_positions_from_zero(stopped):
    program, client, thread, frame = stopped(linesStartAt1=False, columnsStartAt1=False)
    found = complete(client, frame, 'x\npoint.mo', line=1, column=8)
    assert (found['move']['start'], found['move']['length']) == (6, 2)


def test_while_running(debuggee, adapter, pair):
    """In the main module, where the wire can; elsewhere a sentence."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    program.goes_on()
    if pair.wire < 8:
        assert 'running' in client.refused('completions', text='cou', column=4)
        return
    words = client.request('completions', text='cou', column=4)['targets']
    assert {'label': 'count', 'type': 'variable', 'start': 0, 'length': 3} in words
    assert client.request('completions', text='wor', column=4)['targets'][0]['type'] == 'function'
    assert 'access' in [one['label'] for one in client.request('completions', text='os.acc', column=7)['targets']]
    whole = client.evaluate("'a' * 100000", context='clipboard')['result']
    assert whole == repr('a' * 100000)
    assert 'no_such' in client.evaluate_refused('no_such', context='clipboard')
    program.goes_on()
