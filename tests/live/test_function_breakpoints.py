"""Function breakpoints: found by name in the program, and then ordinary ones."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all

KINDS = [('plain', None), ('marked', None), ('wrapped', None), ('Player.guess', 'guess'), ('Player.rules', 'rules'),
         ('Player.made', 'made'), ('Player.inherited', 'inherited'), ('Player', '__init__'),
         ('Base.inherited', 'inherited'), ('functions.plain', 'plain'), ('functions.Player.guess', 'guess'),
         ('shapes.area', 'area'), ('shapes.Square.grow', 'grow'), (' shapes.area() ', 'area')]


def set_functions(client, *wanted):
    wanted = [one if isinstance(one, dict) else {'name': one} for one in wanted]
    answered = client.request('setFunctionBreakpoints', breakpoints=wanted)['breakpoints']
    assert len(answered) == len(wanted), 'one answer for each breakpoint'
    return answered


def attach(client, program, *wanted):
    """Attaches with function breakpoints, as an editor does."""
    attach = client.start_attach(program)
    client.wait_initialized(attach)
    answered = set_functions(client, *wanted)
    client.request('setExceptionBreakpoints', filters=[])
    client.request('configurationDone')
    client.body(attach)
    return answered


def stops_at(client, answered, place):
    stop = client.wait_stopped('function breakpoint')
    assert stop.body['hitBreakpointIds'] == [answered['id']]
    assert client.place(stop.thread) == place
    return stop


@pytest.mark.parametrize('name, function', KINDS)
def test_kinds_of_functions(debuggee, adapter, name, function):
    """The first line of the body, behind docstring and comments. Set before configurationDone."""
    program, client = debuggee('functions.py'), adapter()
    function = function or name
    file = program.path('shapes.py') if 'shapes' in name else program.file
    line = program.line({'__init__': 'init'}.get(function, function), file)
    program.goes_on()
    (answered,) = attach(client, program, name)
    stop = stops_at(client, answered, (function, line))
    assert client.top(stop.thread)['source']['path'] == file
    shown = client.request('setFunctionBreakpoints', breakpoints=[{'name': name}])['breakpoints']
    assert [(one['id'], one['verified'], one['line']) for one in shown] == [(answered['id'], True, line)]
    set_functions(client)
    client.continue_(stop.thread)
    program.goes_on()
    client.not_stopped()


def test_condition_and_hit_count(debuggee, adapter):
    program, client = debuggee('functions.py'), adapter()
    program.goes_on()
    (answered,) = attach(client, program, {'name': 'plain', 'condition': 'number % 5 == 3', 'hitCondition': '%2'})
    numbers = []
    for _ in range(2):
        stop = stops_at(client, answered, ('plain', program.line('plain')))
        numbers.append(int(client.top_locals(stop.thread)['number']['value']))
        client.continue_(stop.thread)
    assert numbers[0] % 5 == 3 and numbers[1] == numbers[0] + 10
    changed = set_functions(client, {'name': 'plain', 'condition': 'number % 5 == 1'})
    assert changed[0]['id'] == answered['id']
    stop = client.wait_stopped('function breakpoint')
    (wrong,) = set_functions(client, {'name': 'plain', 'hitCondition': 'often'})
    assert not wrong['verified'] and 'hit count' in wrong['message']


@pytest.mark.parametrize('when', ['running', 'stopped'])
def test_another_while_the_first_is_looked_for(pair, debuggee, adapter, when):
    program, client = debuggee('functions.py'), adapter()
    attach(client, program)
    program.goes_on()
    if when == 'stopped':
        client.pause(client.first_thread())
        client.wait_stopped('pause')
    both = [{'name': 'plain', 'condition': 'False'}, {'name': 'Player.guess'}]
    sent = client.send_all([('setFunctionBreakpoints', {'breakpoints': wanted}) for wanted in (both[:1], both)])
    answered = [client.body(seq)['breakpoints'] for seq in sent]
    if when == 'running' and not pair.release.startswith('3.2'):
        assert 'cannot be asked' in answered[1][1]['message']
        return
    assert [one['verified'] for one in answered[1]] == [True, True]
    if when == 'stopped':
        client.continue_(client.threads()[0]['id'])
    stops_at(client, answered[1][1], ('guess', program.line('guess')))


def test_several_at_once_and_removed(debuggee, adapter):
    program, client = debuggee('functions.py'), adapter()
    program.goes_on()
    two = attach(client, program, 'plain', 'Player.guess')
    stop = client.wait_stopped('function breakpoint')
    set_functions(client, 'Player.guess')
    for _ in range(2):
        client.continue_(stop.thread)
        stop = stops_at(client, two[1], ('guess', program.line('guess')))
    kept, new = set_functions(client, 'Player.guess', 'shapes.area')
    assert kept['id'] == two[1]['id']
    client.continue_(stop.thread)
    stop = stops_at(client, new, ('area', program.line('area', 'shapes.py')))


def test_beside_a_line_breakpoint(debuggee, adapter):
    """Each keeps its own list."""
    program, client = debuggee('functions.py'), adapter()
    program.goes_on()
    (answered,) = attach(client, program, 'plain')
    stop = stops_at(client, answered, ('plain', program.line('plain')))
    (line,) = client.set_breakpoints(program.file, [program.line('guess')])
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [line['id']]
    set_functions(client)
    client.continue_(stop.thread)
    assert client.wait_stopped('breakpoint').body['hitBreakpointIds'] == [line['id']]
    client.set_breakpoints(program.file, [])


def test_set_while_running(debuggee, adapter):
    """Wire 8 is asked at once; the others at the next stop, and the answer says so."""
    program, client = debuggee('functions.py'), adapter()
    client.attach(program)
    program.goes_on()
    (answered,) = set_functions(client, 'shapes.area')
    if program.pair.wire < 8:
        assert not answered['verified'] and 'stops next' in answered['message']
        client.pause(client.threads()[0]['id'])
        client.continue_(client.wait_stopped('pause').thread)
    stops_at(client, answered, ('area', program.line('area', 'shapes.py')))
    if program.pair.wire < 8:
        client.wait_verified(answered)


def test_in_a_module_that_is_loaded_later(debuggee, adapter):
    """Found in its text on sys.path: it stops at the very first call."""
    program, client = debuggee('functions.py'), adapter()
    program.goes_on()
    (answered,) = attach(client, program, 'late_module.triple')
    assert not answered['verified'] and answered['message']
    program.goes_on()
    program.tell('import')
    stop = stops_at(client, answered, ('triple', program.line('triple', 'late_module.py')))
    client.wait_verified(answered)
    assert not [line for line in program.out.lines if line.startswith('late')]
    set_functions(client)
    client.continue_(stop.thread)
    program.wait_line('late ')
    client.not_stopped()


def test_defined_later(debuggee, adapter):
    """Looked for again at each stop."""
    program, client = debuggee('functions.py'), adapter()
    program.goes_on()
    (answered,) = attach(client, program, 'latest')
    program.goes_on()
    (answered,) = set_functions(client, 'latest')
    assert not answered['verified'] and 'latest' in answered['message']
    program.tell('define')
    program.wait_line('latest ')
    client.pause(client.threads()[0]['id'])
    client.continue_(client.wait_stopped('pause').thread)
    stops_at(client, answered, ('latest', 2))


@pytest.mark.parametrize('name', ['no_such', 'no.such.name', 'Player.no_such', 'shapes.no_such', 'time.sleep', 'count',
                                  'shapes', '', '...', 'a b', "x'); 1/0; ('", 'gr\xfc\xdfe'])
def test_not_found_says_why(debuggee, adapter, name):
    program, client = debuggee('functions.py'), adapter()
    program.goes_on()
    attach(client, program, name)
    program.goes_on()
    client.pause(client.threads()[0]['id'])
    stop = client.wait_stopped('pause')
    (answered,) = set_functions(client, name)
    assert not answered['verified'] and len(answered['message']) > 40
    assert client.top_locals(stop.thread)
    client.continue_(stop.thread)
    program.goes_on()
