"""Where the functions and classes are defined that are values."""

import os

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all

PLACES = {'one': 'plain', 'bound': 'method', 'unbound': 'method', 'part': 'plain', 'inner': 'inner class',
          'old': 'old class'}


@pytest.fixture
def stopped(stop_at):
    """(program, client, thread) in located.py."""
    return stop_at('located.py', 'stop')


def place(client, shown):
    """(path, line)"""
    body = client.request('locations', locationReference=shown['valueLocationReference'])
    return body['source']['path'], body['line']


def line_of(program, text):
    """In the module that the program imports."""
    with open(program.path('shapes.py')) as shapes:
        return shapes.read().splitlines().index(text) + 1


def test_functions_and_classes(stopped):
    """Of variables and of what is evaluated; no other value has a reference."""
    program, client, thread = stopped
    frame = client.top(thread)['id']
    found = client.locals(frame)
    for name, marker in PLACES.items():
        for shown in (found[name], client.evaluate(name, frame)):
            assert place(client, shown) == (program.file, program.line(marker)), name
    for name, text in (('area', 'def area(number):'), ('square', 'class Square(object):')):
        assert place(client, found[name]) == (program.path('shapes.py'), line_of(program, text))
    for name in ('number', 'builtin'):
        assert 'valueLocationReference' not in found[name]
        assert 'valueLocationReference' not in client.evaluate(name, frame)


def test_members_and_globals(stopped):
    program, client, thread = stopped
    scope = client.scope(client.top(thread)['id'], 'Globals')
    names = {one['name']: one for one in client.variables(scope['variablesReference'])}
    assert place(client, names['Outer']) == (program.file, program.line('outer class'))
    assert place(client, client.children(names['Outer'])['Inner']) == (program.file, program.line('inner class'))


def test_value_that_was_set(stopped):
    program, client, thread = stopped
    scope = client.scope(client.top(thread)['id'], 'Globals')
    answer = client.request('setVariable', variablesReference=scope['variablesReference'], name='plain', value='other')
    assert place(client, answer) == (program.file, program.line('other'))


def test_in_the_frame_that_was_shown(stopped):
    program, client, thread = stopped
    top, below = client.stack(thread)[:2]
    assert place(client, client.locals(top['id'])['one'])[1] == program.line('plain')
    assert place(client, client.locals(below['id'])['one'])[1] == program.line('other')


def test_without_a_definition(stopped):
    program, client, thread = stopped
    frame = client.top(thread)['id']
    for expression, why in (('int', 'this is built in: it has no source'), ('made', 'made while the program ran')):
        reference = client.evaluate(expression, frame)['valueLocationReference']
        assert why in client.refused('locations', locationReference=reference)


def test_references_end_with_the_stop(stopped):
    program, client, thread = stopped
    shown = client.top_locals(thread)['one']
    frame = client.top(thread)['id']
    for number in (frame, client.scopes(frame)[0]['variablesReference']):
        assert 'not of a location' in client.refused('locations', locationReference=number)
    assert 'location' in client.refused('variables', variablesReference=shown['valueLocationReference'])
    assert 'locationReference' in client.refused('locations')
    client.set_breakpoints(program.file, [program.line('again')])
    client.continue_(thread)
    client.wait_stopped('breakpoint')
    message = client.refused('locations', locationReference=shown['valueLocationReference'])
    assert 'belongs to a stop that is over' in message
    client.continue_(thread)
    message = client.refused('locations', locationReference=shown['valueLocationReference'])
    assert 'running' in message
    if program.pair.wire == 8:
        assert 'valueLocationReference' not in client.evaluate('plain')


@pytest.mark.parametrize('there', [True, False])
def test_mapped(debuggee, adapter, tmp_path, there):
    """To the local copy; without one the source has a reference to its text."""
    program, client = debuggee('located.py'), adapter()
    local = str(tmp_path / 'copy')
    if there:
        program.local_copy(local)
    client.initialize(linesStartAt1=False)
    client.attach(program, {os.path.join(local, 'located.py'): [program.line('stop') - 1]}, localRoot=local,
                  remoteRoot=program.root)
    shown = client.top_locals(client.wait_stopped('breakpoint').thread)['square']
    body = client.request('locations', locationReference=shown['valueLocationReference'])
    assert body['line'] == line_of(program, 'class Square(object):') - 1
    if there:
        assert body['source'] == {'name': 'shapes.py', 'path': os.path.join(local, 'shapes.py')}
    else:
        assert body['source']['path'] == program.path('shapes.py') and body['source']['sourceReference'] > 0
