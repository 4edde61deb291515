"""Exceptions by their type: filters with a condition, exceptionOptions."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def run(debuggee, adapter):
    """A program that raises and catches ValueError, its own Special and KeyError; then dies of a KeyError."""
    def start(**wanted):
        program, client = debuggee('kinds.py'), adapter()
        attach = client.start_attach(program)
        client.wait_initialized(attach)
        answers = client.request('setExceptionBreakpoints', **dict({'filters': []}, **wanted))['breakpoints']
        client.request('configurationDone')
        client.body(attach)
        return program, client, answers
    return start


def stops(program, client):
    """The lines of all stops, up to the end of the program."""
    lines = []
    while True:
        client.wait_until(lambda: client.pending('stopped') or client.pending('terminated'), 'a stop or the end')
        if not client.pending('stopped'):
            return [name for line in lines for name in ('value', 'special', 'key', 'end')
                    if program.line(name) == line]
        stop = client.wait_stopped('exception')
        lines.append(client.place(stop.thread)[1])
        client.continue_(stop.thread)


def option(mode, *names, **more):
    path = [{'names': ['Python Exceptions']}, dict({'names': list(names)}, **more)] if names else []
    return {'path': path, 'breakMode': mode}


@pytest.mark.parametrize('wanted, lines', [
    ({'filterOptions': [{'filterId': 'raised', 'condition': 'KeyError'}]}, ['key', 'end']),
    ({'filterOptions': [{'filterId': 'raised', 'condition': ' ValueError, __main__.Special'}]}, ['value', 'special']),
    ({'filterOptions': [{'filterId': 'raised', 'condition': 'Special'}]}, ['special']),
    ({'filterOptions': [{'filterId': 'uncaught', 'condition': 'ValueError'}]}, []),
    ({'filterOptions': [{'filterId': 'uncaught', 'condition': 'KeyError'}]}, ['end']),
    ({'filterOptions': [{'filterId': 'raised'}]}, ['value', 'special', 'key', 'end']),
    ({'filters': ['uncaught'], 'filterOptions': [{'filterId': 'raised', 'condition': 'ValueError'}]},
     ['value', 'end']),
    ({'exceptionOptions': [option('always', 'Special', 'ValueError')]}, ['value', 'special']),
    ({'exceptionOptions': [option('unhandled', 'ValueError', 'KeyError')]}, ['end']),
    ({'exceptionOptions': [option('always'), option('never', 'KeyError', 'Special')]}, ['value']),
    ({'filters': ['raised'], 'exceptionOptions': [option('never', 'ValueError')]}, ['special', 'key', 'end'])],
    ids=['raised KeyError', 'two names', 'own type', 'uncaught ValueError', 'uncaught KeyError', 'no condition',
         'both filters', 'always', 'unhandled', 'never', 'filter but one'])
def test_types(run, wanted, lines):
    program, client, answers = run(**wanted)
    assert all(answer['verified'] for answer in answers)
    assert len(answers) == sum(len(part) for part in wanted.values())
    assert stops(program, client) == lines


@pytest.mark.one_pair
def test_what_is_not_understood(run):
    program, client, answers = run(filters=['raized'], filterOptions=[
        {'filterId': 'raised', 'condition': 'x > 1'}, {'filterId': 'no', 'condition': 'KeyError'},
        {'filterId': 'raised', 'condition': ', '}], exceptionOptions=[
            option('always', 'KeyError', negate=True), option('sometimes', 'KeyError'), option('never', '1')])
    assert [answer['verified'] for answer in answers] == [False] * 7
    assert all(len(answer['message']) > 20 for answer in answers)
    assert stops(program, client) == []
