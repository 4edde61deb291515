"""Exceptions by their type: filters with a condition, exceptionOptions, and the attribute exceptionHandling."""

import pytest

import canary
import over
from test_launch import launch, line, program  # noqa: F401

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def begin(program, client, handling=None, **wanted):
    attach = client.start_attach(program, **({'exceptionHandling': handling} if handling else {}))
    client.wait_initialized(attach)
    answers = client.request('setExceptionBreakpoints', **dict({'filters': []}, **wanted))['breakpoints']
    client.request('configurationDone')
    client.body(attach)
    return answers


@pytest.fixture
def run(debuggee, adapter):
    """A program that raises and catches ValueError, its own Special and KeyError; then dies of a KeyError."""
    def start(handling=None, **wanted):
        program, client = debuggee('kinds.py'), adapter()
        return program, client, begin(program, client, handling, **wanted)
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
    ({'filterOptions': [{'filterId': 'raised', 'condition': 'KeyError'}]}, ['special', 'key', 'end']),
    ({'filterOptions': [{'filterId': 'raised', 'condition': ' ValueError, __main__.Special'}]}, ['value', 'special']),
    ({'filterOptions': [{'filterId': 'raised', 'condition': 'Special'}]}, ['special']),
    ({'filterOptions': [{'filterId': 'uncaught', 'condition': 'ValueError'}]}, []),
    ({'filterOptions': [{'filterId': 'uncaught', 'condition': 'KeyError'}]}, ['end']),
    ({'filters': ['raised'], 'filterOptions': [{'filterId': 'raised', 'condition': 'KeyError'}]},
     ['special', 'key', 'end']),
    ({'filterOptions': [{'filterId': 'raised'}]}, ['value', 'special', 'key', 'end']),
    ({'filters': ['uncaught'], 'filterOptions': [{'filterId': 'raised', 'condition': 'ValueError'}]},
     ['value', 'end']),
    ({'exceptionOptions': [option('always', 'Special', 'ValueError')]}, ['value', 'special']),
    ({'exceptionOptions': [option('unhandled', 'ValueError', 'KeyError')]}, ['end']),
    ({'exceptionOptions': [option('always'), option('never', 'KeyError', 'Special')]}, ['value']),
    ({'filters': ['raised'], 'exceptionOptions': [option('never', 'ValueError')]}, ['special', 'key', 'end'])],
    ids=['raised KeyError', 'two names', 'own type', 'uncaught ValueError', 'uncaught KeyError', 'in both lists',
         'no condition', 'both filters', 'always', 'unhandled', 'never', 'filter but one'])
def test_types(run, wanted, lines):
    program, client, answers = run(**wanted)
    assert all(answer['verified'] for answer in answers)
    assert len(answers) == sum(len(part) for part in wanted.values())
    assert stops(program, client) == lines


@pytest.mark.parametrize('wanted, lines', [
    ({'filterOptions': [{'filterId': 'raised', 'condition': 'LookupError'}]}, ['special', 'key', 'end']),
    ({'filterOptions': [{'filterId': 'raised', 'condition': 'Exception'}]}, ['value', 'special', 'key', 'end']),
    ({'filterOptions': [{'filterId': 'uncaught', 'condition': 'LookupError'}]}, ['end']),
    ({'filterOptions': [{'filterId': 'raised', 'condition': 'ValueError'},
                        {'filterId': 'uncaught', 'condition': 'Exception'}]}, ['value', 'end']),
    ({'filterOptions': [{'filterId': 'raised', 'condition': 'LookupError'},
                        {'filterId': 'uncaught', 'condition': 'KeyError'}]}, ['special', 'key', 'end']),
    ({'exceptionOptions': [option('always'), option('never', 'LookupError')]}, ['value']),
    ({'exceptionOptions': [option('always', 'LookupError'), option('never', 'KeyError')]}, []),
    ({'exceptionOptions': [option('never', 'KeyError'), option('always', 'Special')]}, ['special']),
    ({'exceptionHandling': {'ignore': ['Special']}, 'filterOptions': [{'filterId': 'raised', 'condition': 'KeyError'}]},
     ['key', 'end']),
    ({'exceptionHandling': {'always': ['LookupError']}}, [])],
    ids=['raised', 'all', 'uncaught', 'they add up', 'the type and its base', 'never', 'the nearer', 'the type itself',
         'an exact one', 'exact ones alone'])
def test_derived_types(run, wanted, lines):
    """Special derives from KeyError, and is defined after the attach."""
    wanted = dict(wanted)
    program, client, answers = run(wanted.pop('exceptionHandling', None), **wanted)
    assert all(answer['verified'] for answer in answers)
    assert stops(program, client) == lines


def test_derived_type_is_told(run, pair):
    program, client, _ = run(filterOptions=[{'filterId': 'raised', 'condition': 'LookupError'}])
    stop = client.wait_stopped('exception')
    told = client.request('exceptionInfo', threadId=stop.thread)
    assert told['exceptionId'] == '__main__.Special'
    assert pair.wire < 6 or told['breakMode'] == 'always'  # older ones do not say
    assert client.place(stop.thread)[1] == program.line('special')
    client.request('setExceptionBreakpoints', filters=[], filterOptions=[
        {'filterId': 'raised', 'condition': 'ValueError'}])
    client.continue_(stop.thread)
    assert stops(program, client) == []


def test_derived_type_is_named_while_it_runs(debuggee, adapter):
    """It has stopped for its base before."""
    program, client = debuggee('special.py'), adapter()
    begin(program, client, filterOptions=[{'filterId': 'raised', 'condition': 'LookupError'}])
    stop = client.wait_stopped('exception')
    client.send_all([('continue', {'threadId': stop.thread}), ('setExceptionBreakpoints', {
        'filters': [], 'filterOptions': [{'filterId': 'raised', 'condition': 'Special'}]})])
    for _ in range(3):
        stop = client.wait_stopped('exception')
        assert client.place(stop.thread)[1] == program.line('special')
        client.continue_(stop.thread)
    client.disconnect()


def test_derived_types_of_another_session(debuggee, adapter):
    """What one session has named counts in no other."""
    program = debuggee('special.py')
    first, second = adapter(), adapter()
    begin(program, first, filterOptions=[{'filterId': 'raised', 'condition': 'LookupError'}])
    stop = first.wait_stopped('exception')
    assert first.place(stop.thread)[1] == program.line('special')
    first.disconnect()
    second.attach(program, {program.file: [program.line('passed')]}, exceptionHandling={'always': ['LookupError']})
    for _ in range(3):
        thread = second.wait_stopped('breakpoint').thread
        second.continue_(thread)
    assert 'exception' not in [body['reason'] for body in second.all_events('stopped')]
    second.disconnect()
    program.goes_on()


def test_derived_types_after_a_restart(debuggee, adapter):
    program, client = debuggee('special.py'), adapter()
    begin(program, client, filterOptions=[{'filterId': 'raised', 'condition': 'LookupError'}])
    client.wait_stopped('exception')
    client.request('restart')
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread)[1] == program.line('special')
    client.disconnect()
    program.goes_on()


@pytest.mark.one_pair
def test_what_is_not_understood(run):
    program, client, answers = run(filters=['raized'], filterOptions=[
        {'filterId': 'raised', 'condition': 'x > 1'}, {'filterId': 'no', 'condition': 'KeyError'},
        {'filterId': 'raised', 'condition': ', '}], exceptionOptions=[
            option('always', 'KeyError', negate=True), option('sometimes', 'KeyError'), option('never', '1')])
    assert [answer['verified'] for answer in answers] == [False] * 7
    assert all(len(answer['message']) > 20 for answer in answers)
    assert stops(program, client) == []


# ---- exceptionHandling

@pytest.mark.parametrize('handling, wanted, lines', [
    ({'always': ['Special', 'exceptions.ValueError', 'builtins.ValueError']}, {}, ['value', 'special']),
    ({'ignore': ['ValueError', 'KeyError']}, {'filters': ['raised']}, ['special']),
    ({'ignore': ['KeyError']}, {'filters': ['uncaught']}, []),
    ({'unhandled': ['ValueError', 'KeyError']}, {}, ['end']),
    ({'ignore': ['__main__.Special'], 'always': [], 'unhandled': ['KeyError']}, {'filters': ['raised']},
     ['value', 'end']),
    ({'always': ['Special']}, {'filters': ['uncaught']}, ['special', 'end']),
    ({'ignore': ['ValueError'], 'always': ['KeyError', 'Special']},
     {'filterOptions': [{'filterId': 'raised', 'condition': 'ValueError'}],
      'exceptionOptions': [option('never', 'KeyError')]}, ['value', 'special'])],
    ids=['always', 'ignore raised', 'ignore uncaught', 'unhandled', 'three lists', 'beside a filter',
         'the editor names it'])
def test_exception_handling(run, handling, wanted, lines):
    program, client, _ = run(handling, **wanted)
    assert stops(program, client) == lines


@pytest.mark.parametrize('handling, lines', [
    ({'always': ['ValueError'], 'ignore': ['KeyError']}, ['value']),
    ({'always': ['Special']}, ['special'])], ids=['two types', 'one type'])
def test_exception_handling_without_filters(debuggee, adapter, handling, lines):
    """The editor sets no exceptions at all."""
    program, client = debuggee('kinds.py'), adapter()
    attach = client.start_attach(program, exceptionHandling=handling)
    client.wait_initialized(attach)
    client.request('configurationDone')
    client.body(attach)
    assert stops(program, client) == lines


def test_exception_handling_stays(run):
    """Whatever the editor sets, again and again."""
    program, client, _ = run({'always': ['KeyError', 'Special'], 'ignore': ['ValueError']}, filters=['raised'],
                             exceptionOptions=[option('never', 'KeyError')])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread)[1] == program.line('special')
    client.request('setExceptionBreakpoints', filters=['raised'])
    client.request('setExceptionBreakpoints', filters=[])
    client.continue_(stop.thread)
    assert stops(program, client) == ['key', 'end']


def test_exception_handling_of_another_attach(debuggee, adapter):
    """That of the configuration which the editor sends along."""
    program, client = debuggee('options.py'), adapter()
    client.attach(program, exceptionHandling={'ignore': ['SystemExit']})
    client.request('restart', arguments=dict(
        client.ATTACH, breakOnSystemExitZero=True, exceptionHandling={'always': ['SystemExit']},
        **over.where(program.port, canary.SECRET)))
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread)[1] == program.line('exit')
    assert client.request('exceptionInfo', threadId=stop.thread)['breakMode'] == 'always'


def test_exception_handling_of_a_launch(launch, program):  # noqa: F811
    client = launch('raise', exceptionHandling={'always': ['ValueError']})
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread)[1] == line(program, 'raise')
    client.disconnect()


@pytest.mark.one_pair
@pytest.mark.parametrize('handling, words', [
    ('KeyError', 'must be an object'), (['KeyError'], 'must be an object'), (7, 'must be an object'),
    (True, 'must be an object'),
    ({'never': ['KeyError']}, 'neither "ignore" nor "always" nor "unhandled"'),
    ({'Ignore': []}, 'neither "ignore" nor "always" nor "unhandled"'),
    ({'ignore': 'KeyError'}, '"ignore" in "exceptionHandling" must be a list'),
    ({'always': {'KeyError': True}}, '"always" in "exceptionHandling" must be a list'),
    ({'always': ['KeyError', 7]}, '"always" in "exceptionHandling" holds'),
    ({'unhandled': [None]}, '"unhandled" in "exceptionHandling" holds'),
    ({'unhandled': ['']}, '"unhandled" in "exceptionHandling" holds'),
    ({'ignore': ['KeyError, ValueError']}, '"ignore" in "exceptionHandling" holds'),
    ({'ignore': ['KeyError'], 'always': ['ValueError', 'KeyError']}, 'KeyError stands in two lists'),
    ({'ignore': [u'\xe9' * 300], 'always': [u'\xe9' * 300]}, 'stands in two lists')])
def test_exception_handling_that_makes_no_sense(debuggee, adapter, handling, words):
    program, client = debuggee('options.py'), adapter()
    message = client.attach_refused(program, exceptionHandling=handling)
    assert '"exceptionHandling"' in message and words in message
    client.attach(program, exceptionHandling={'ignore': ['KeyError', 'KeyError'], 'always': None})


LOOPS = """
class Numbers:
    def __init__(self):
        self.left = 2

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.left -= 1
        if self.left < 0:
            raise StopAsyncIteration
        return self.left


async def more():
    yield 5


async def main():
    async for number in Numbers():
        print(number)
    async for number in more():
        print(number)

try:
    main().send(None)
except StopIteration:
    print('over')
"""


@pytest.mark.pythons('py3.6', 'py3.8', 'py3.11')
@pytest.mark.parametrize('wanted', ['raised', 'uncaught'])
def test_end_of_an_async_loop(launch, program, wanted):  # noqa: F811
    """Python raises it there, as StopIteration at the end of any other."""
    with open(program, 'w') as file:
        file.write(LOOPS)
    client = launch(exceptions=[wanted])
    client.wait_event('terminated')
    assert client.all_events('stopped') == []
    assert client.output('stdout') == '1\n0\n5\nover\n'
