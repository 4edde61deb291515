"""How variables are shown: hints for the editor, and what the user wants grouped, hidden or cut."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def stopped(debuggee, adapter):
    """(client, top frame id)"""
    def start(**how):
        program, client = debuggee('looking.py'), adapter()
        client.attach(program, {program.file: [program.line('stop')]}, **how)
        return client, client.top(client.wait_stopped('breakpoint').thread)['id']
    return start


def fill(client, frame):
    """Gives `point` an attribute of each kind."""
    client.evaluate('point.kept, point._Point__own, point.make, point.kind = 3, 4, numbers, Spy', frame)


def test_hints(stopped):
    client, frame = stopped()
    fill(client, frame)
    found = client.locals(frame)
    children = client.children(found['point'])
    hints = dict((name, one.get('presentationHint')) for name, one in children.items())
    assert hints['fixed'] == {'kind': 'property', 'attributes': ['readOnly']}
    assert hints['kept'] == {'kind': 'property'}
    assert hints['_kept'] == {'visibility': 'protected'}
    assert hints['_Point__own'] == {'visibility': 'private'}
    assert hints['make'] == {'kind': 'method'} and hints['kind'] == {'kind': 'class'}
    assert hints['x'] is None and hints['slots'] is None
    read_only = {'attributes': ['readOnly']}
    assert [one['presentationHint'] for one in client.children(found['pair']).values()] == [read_only] * 2
    assert [one['presentationHint'] for one in client.children(found['some']).values()] == [read_only]
    assert not any('presentationHint' in one for one in client.children(found['items']).values())
    assert client.refused('setVariable', variablesReference=found['some']['variablesReference'], name='[0]', value='2')


def test_an_iterator_runs_when_it_is_opened(stopped):
    """As DAP wants what is lazy: it is opened into one variable. Its items are given once."""
    client, frame = stopped()
    view = client.children(client.locals(frame)['generator'])['Results View']
    assert view['presentationHint'] == {'attributes': ['readOnly', 'hasSideEffects'], 'lazy': True}
    (result,) = client.variables(view['variablesReference'])
    assert (result['name'], result['value']) == ('Results View', '2 items')
    for _ in range(2):
        assert [one['value'] for one in client.variables(result['variablesReference'])] == ['1', '2']
    assert 'cannot be set' in client.refused('setVariable', variablesReference=result['variablesReference'],
                                             name='[0]', value='7')
    assert client.evaluate('list(generator)', frame)['result'] == '[]'


def test_names_are_left_alone(stopped):
    """What a Results View counts by."""
    client, frame = stopped()
    client.evaluate('globals().update(i=7, v=8, counted=iter([1, 2]))', frame)
    view = client.children(client.evaluate('counted', frame, 'watch'))['Results View']
    (result,) = client.variables(view['variablesReference'])
    assert result['value'] == '2 items'
    assert client.evaluate('(globals()["i"], globals()["v"])', frame)['result'] == '(7, 8)'
    assert client.evaluate('sorted(set(locals()) & {"i", "v"})', frame)['result'] == '[]'


def test_an_iterator_without_end(stopped):
    client, frame = stopped()
    client.evaluate('endless = iter(int, 1)', frame)
    endless = client.evaluate('endless', frame, 'watch')
    (result,) = client.variables(client.children(endless)['Results View']['variablesReference'])
    assert result['value'] == '1000 items'
    client.evaluate('counted = iter(range(1002))', frame)
    view = client.children(client.evaluate('counted', frame, 'watch'))['Results View']
    client.variables(view['variablesReference'])
    assert client.evaluate('next(counted)', frame)['result'] == '1000'


def test_groups(stopped):
    ways = {'protected': 'group', 'function': 'hide', 'class': 'group'}
    client, frame = stopped(variablePresentation=ways)
    fill(client, frame)
    point = client.locals(frame)['point']
    children = client.children(point)
    assert list(children)[:2] == ['protected variables', 'class variables']
    assert 'make' not in children and 'move' not in children and 'x' in children
    assert list(client.children(children['class variables'])) == ['kind']
    group = children['protected variables']
    assert set(client.children(group)) == {'_kept', '_Point__own'}
    client.request('setVariable', variablesReference=group['variablesReference'], name='_kept', value='5')
    assert client.evaluate('point.kept', frame)['result'] == '5'
    assert list(client.children(children['class variables'])) == ['kind']  # as often as one likes


def test_more_than_ptvsd_lists(stopped):
    client, frame = stopped(variablePresentation={'special': 'group', 'function': 'inline'})
    found = client.locals(frame)
    children = client.children(found['point'])
    special = client.children(children['special variables'])
    assert {'__class__', '__init__'} <= set(special)
    assert 'move' in children and '__class__' not in children
    everything = client.scope(frame, 'Globals')['variablesReference']
    everything = dict((one['name'], one) for one in client.variables(everything))
    assert '__name__' in client.children(everything['special variables'])
    assert client.evaluate('len(called)', frame)['result'] == '1'  # the property of this very listing


def test_all_in_one_way(stopped):
    client, frame = stopped(variablePresentation={'all': 'hide', 'class': 'inline'})
    fill(client, frame)
    children = client.children(client.locals(frame)['point'])
    assert 'kind' in children and not {'_kept', 'make', 'move', '__class__'} & set(children)


def test_no_globals(stopped):
    client, frame = stopped(showGlobals=False)
    assert [scope['name'] for scope in client.scopes(frame)] == ['Locals']


def test_long_values(stopped):
    """Only where variables are listed."""
    client, frame = stopped(maxValueLength=6)
    client.evaluate('items[:] = ["abcdef", 1234567]', frame)
    found = client.locals(frame)
    whole = client.evaluate('items', frame, 'watch')['result']
    assert whole == client.evaluate('items', frame, 'clipboard')['result'] == "['abcdef', 1234567]"
    children = client.children(found['items'])
    assert [one['value'] for one in children.values()] == ["'abcde...", '123456...']
    assert found['items']['value'] == "['abcd..." and found['point']['variablesReference']


@pytest.mark.one_pair
def test_what_makes_no_sense(debuggee, adapter):
    program, client = debuggee('looking.py'), adapter()
    assert 'must be an object' in client.attach_refused(program, variablePresentation='hide')
    assert '"class"' in client.attach_refused(program, variablePresentation={'class': 'small'})
    assert '"all"' in client.attach_refused(program, variablePresentation={'all': 1})
    assert 'between 1 and' in client.attach_refused(program, maxValueLength=0)
    assert '"showGlobals"' in client.attach_refused(program, showGlobals='no')
    client.attach(program)
