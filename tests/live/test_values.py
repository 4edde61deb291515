"""Scopes, variables and evaluation in frames of a stopped thread."""

import pytest


@pytest.fixture
def stopped(debuggee, adapter):
    """(program, client, thread, top frame id) at the line with all the values."""
    program, client = debuggee('values.py'), adapter()
    client.attach(program, {program.file: [program.line('stop')]})
    stop = client.wait_stopped('breakpoint')
    return program, client, stop.thread, client.top(stop.thread)['id']


def plain(text):
    """A value's text without the differences of Python 2."""
    return text.replace("u'", "'").rstrip('L')


def test_scopes(stopped):
    program, client, thread, frame = stopped
    scopes = client.scopes(frame)
    assert scopes[0]['name'] == 'Locals' and not scopes[0]['expensive']
    (all_globals,) = [scope for scope in scopes if scope['name'] == 'Globals']
    assert all_globals['expensive']
    names = {one['name']: one for one in client.variables(all_globals['variablesReference'])}
    assert plain(names['setting']['value']) == "'global'"
    assert 'Exception' not in [scope['name'] for scope in scopes]


def test_used_globals(stopped):
    """Those that the function's code names; where it names none there is no such scope."""
    program, client, thread, frame = stopped
    scopes = client.scopes(frame)
    assert [scope['name'] for scope in scopes] == ['Locals', 'Used globals', 'Globals']
    assert [scope['expensive'] for scope in scopes] == [False, False, True]
    found = {one['name']: one for one in client.variables(scopes[1]['variablesReference'])}
    assert plain(found['setting']['value']) == "'global'" and found['setting']['evaluateName'] == 'setting'
    assert not set(found) & set(client.locals(frame)) and 'sys' not in found
    assert [len(client.variables(scopes[1]['variablesReference'], start=at, count=1)) for at in (0, len(found))] == [1, 0]
    frames = client.stack(thread)
    (one,) = client.variables(client.scope(frames[1]['id'], 'Used globals')['variablesReference'])
    assert one['name'] == 'show'
    assert [scope['name'] for scope in client.scopes(frames[2]['id'])] == ['Locals', 'Globals']


def test_no_used_globals(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    frame = client.top(client.wait_stopped('breakpoint').thread)['id']
    assert [scope['name'] for scope in client.scopes(frame)] == ['Locals', 'Globals']


def test_arguments_come_first(stopped):
    program, client, thread, frame = stopped
    names = list(client.locals(frame))
    assert names[:2] == ['first', 'second']
    assert set(names[2:4]) == {'rest', 'named'}
    assert {'number', 'text', 'items', 'point'} < set(names)


def test_values_and_types(stopped):
    program, client, thread, frame = stopped
    found = client.locals(frame)
    for name, value, kind in (('first', '10', 'int'), ('number', '42', 'int'), ('ratio', '0.5', 'float'),
                              ('nothing', 'None', 'NoneType'), ('flag', 'True', 'bool'),
                              ('text', "'plain'", 'str'), ('empty', '[]', 'list'),
                              ('rest', "(30, 'more')", 'tuple'), ('named', "{'key': 'word'}", 'dict'),
                              ('point', 'Point(1, Point(2, 3))', 'Point')):
        assert (found[name]['value'], found[name]['type']) == (value, kind)
    for name in ('number', 'text', 'nothing', 'empty', 'flag', 'ratio'):
        assert found[name]['variablesReference'] == 0, name
    assert found['broken']['type'] == 'Broken'
    assert 'seen' not in found or 'undefined' in found['seen']['value']


def test_titles_of_frames(stopped):
    program, client, thread, frame = stopped

    def title(level=0, **form):
        return client.stack(thread, startFrame=level, levels=1, format=form)[0]['name']

    line = client.top(thread)['line']
    assert title() == title(hex=True) == 'show'
    assert title(line=True, module=True) == 'values.show : %d' % line
    assert title(parameters=True, parameterNames=True) == title(parameters=True) == 'show(first, second)'
    assert title(parameters=True, parameterValues=True, parameterNames=True).startswith('show(first=10, second=')
    assert title(parameters=True, parameterTypes=True).startswith('show(int, ')
    assert title(parameterTypes=True) == 'show'
    assert title(level=1, parameters=True, module=True) == 'values.caller(outer)'
    assert title(level=2, parameters=True, module=True) == 'values.<module>'


def test_nested_values(stopped):
    program, client, thread, frame = stopped
    found = client.locals(frame)
    items = client.children(found['items'])
    assert items['[0]']['value'] == '1' and items['[1]']['value'] == '[2, [3, 4]]'
    inner = client.children(client.children(items['[1]'])['[1]'])
    assert inner['[1]']['value'] == '4'
    key = client.children(items['[2]'])["['key']"]
    assert plain(key['value']) == "'deep'"
    point = client.children(found['point'])
    assert point['x']['value'] == '1'
    assert client.children(point['y'])['y']['value'] == '3'
    pair = client.children(found['pair'])
    assert plain(pair['[1]']['value']) == "'b'"
    mapping = client.children(found['mapping'])
    assert client.children(mapping["['two']"])['[1]']['value'] == '22'


def test_every_evaluate_name_gives_its_value(stopped):
    program, client, thread, frame = stopped
    waiting = [(one, 0) for one in client.locals(frame).values()]
    checked = 0
    while waiting:
        one, depth = waiting.pop()
        if 'undefined' in one['value'] or not one.get('evaluateName'):
            assert depth or 'undefined' in one['value'], '%r has no evaluateName' % one
            continue
        again = client.evaluate(one['evaluateName'], frame, 'watch')
        if one.get('type'):  # a made-up child like `items()` has neither type nor value
            assert (again['result'], again['type']) == (one['value'], one['type']), one['evaluateName']
            checked += 1
        if one['variablesReference'] and depth < 2:
            waiting += [(child, depth + 1) for child in client.variables(one['variablesReference'])]
    assert checked > 30


def test_values_of_the_caller(stopped):
    program, client, thread, frame = stopped
    caller = client.stack(thread)[1]
    assert (caller['name'], caller['line']) == ('caller', program.line('caller'))
    found = client.locals(caller['id'])
    assert list(found)[0] == 'outer' and plain(found['inner']['value']) == "'in the caller'"
    assert plain(client.evaluate('outer + inner', caller['id'])['result']) == "'outermostin the caller'"
    assert client.evaluate_refused('inner', frame)


def test_values_at_module_level(stopped):
    program, client, thread, frame = stopped
    module = client.stack(thread)[2]
    assert module['name'] == '<module>'
    assert plain(client.locals(module['id'])['setting']['value']) == "'global'"


@pytest.mark.parametrize('context', ['repl', 'watch', 'hover'])
def test_expressions(stopped, context):
    program, client, thread, frame = stopped
    result = client.evaluate('number * 2', frame, context)
    assert (result['result'], result['type'], result['variablesReference']) == ('84', 'int', 0)
    result = client.evaluate('items[1]', frame, context)
    assert client.children(result)['[1]']['value'] == '[3, 4]'
    assert client.evaluate('point.y.x', frame, context)['result'] == '2'
    assert plain(client.evaluate('setting', frame, context)['result']) == "'global'"
    assert 'no such' in client.evaluate_refused('fail("no such thing")', frame, context)
    assert client.evaluate_refused('', frame, context)


def test_compound_expression_can_be_expanded(stopped):
    program, client, thread, frame = stopped
    result = client.evaluate('items + [5]', frame, 'watch')
    assert client.children(result)['[3]']['value'] == '5'


def test_expressions_that_raise(stopped):
    program, client, thread, frame = stopped
    assert 'division' in client.evaluate_refused('1 // 0', frame)
    assert 'absent' in client.evaluate_refused('point.absent', frame)
    assert 'no_such_name' in client.evaluate_refused('no_such_name', frame)
    assert client.evaluate_refused('1 +', frame).startswith('SyntaxError: ')
    assert client.evaluate_refused('{}["absent"]', frame) == "KeyError: 'absent'"
    assert client.evaluate_refused('next(iter(()))', frame) == 'StopIteration'
    assert client.evaluate_refused('import socket; raise socket.timeout("late")', frame) in (
        'socket.timeout: late', 'TimeoutError: late')
    unshowable = client.evaluate_refused('raise ValueError(u"\\xe9")', frame)
    assert unshowable.startswith('ValueError: ') and (u'\xe9' in unshowable or '\\xe9' in unshowable)
    assert client.evaluate('1 + 1', frame)['result'] == '2'


def test_globals_that_grow_while_they_are_shown(debuggee, adapter):
    """ptvsd goes through them in the thread that stops, in which Python would raise."""
    program, client = debuggee('adder.py'), adapter()
    client.attach(program, {program.file: [program.line('grown')]})
    program.tell('grow')
    stop = client.wait_stopped('breakpoint')
    assert client.top_locals(stop.thread)['adder']['value'] == 'Adder'
    client.step('next', stop.thread)
    client.set_breakpoints(program.file, [])
    client.continue_(stop.thread)
    program.goes_on()


def test_statements(stopped):
    program, client, thread, frame = stopped
    client.evaluate('items.append(number)', frame)
    client.evaluate('import math', frame)
    assert client.evaluate('items[3]', frame)['result'] == '42'
    client.evaluate('setting = "changed"', client.stack(thread)[2]['id'])
    client.evaluate('point.x = 99', frame)
    assert client.evaluate('point', frame)['result'] == 'Point(99, Point(2, 3))'
    client.continue_(thread)
    program.wait_line('items [1, [2, [3, 4]], {\'key\': \'deep\'}, 42]')


def test_assignment_to_a_local(stopped):
    program, client, thread, frame = stopped
    client.evaluate('number = 43', frame)
    assert client.evaluate('number', frame)['result'] == '43'
    assert client.top_locals(thread)['number']['value'] == '43'
    client.continue_(thread)
    program.wait_line('number 43')


def test_several_lines(stopped):
    program, client, thread, frame = stopped
    client.evaluate('for one in (7, 8):\n    items.append(one)\n    if one == 8:\n        items.append("end")\n', frame)
    assert plain(client.evaluate('items[3:]', frame)['result']) == "[7, 8, 'end']"


def test_printing_in_the_console(stopped):
    program, client, thread, frame = stopped
    client.evaluate('__import__("sys").stdout.write("from the console\\n")', frame)
    client.wait_output('from the console')


def test_evaluation_without_frame(stopped):
    """Editors send it; it is answered one way or the other."""
    program, client, thread, frame = stopped
    client.response(client.send('evaluate', {'expression': 'setting', 'context': 'repl'}))
    client.response(client.send('evaluate', {'expression': '1 + 1'}))


def test_hover_with_extra_fields(stopped):
    """VS Code adds line, column and a raw URI."""
    program, client, thread, frame = stopped
    result = client.request('evaluate', expression='number', frameId=frame, context='hover', line=3, column=5,
                            source={'path': 'vscode-remote://host:8080/x.py'})
    assert result['result'] == '42'


def test_hover_calls_nothing(stopped):
    _, client, _, frame = stopped
    where = {'line': 3, 'column': 5, 'source': {'path': '/somewhere/values.py'}}

    def hover(expression, **more):
        return client.response(client.send('evaluate', dict(expression=expression, frameId=frame, context='hover',
                                                            **more)))
    assert hover('[1, 2][0] + 1', **where)['body']['result'] == '2'
    for expression in ('len([])', 'globals().clear()', 'x = 1'):
        assert 'not evaluated where the mouse rests' in hover(expression, **where)['message']
    assert hover('len([])')['body']['result'] == '0'


def test_many_requests_at_once(stopped):
    """ptvsd takes one question at a time per thread; the editor need not know."""
    program, client, thread, frame = stopped
    found = client.locals(frame)
    asked = [('evaluate', {'expression': 'number + %d' % number, 'frameId': frame, 'context': 'watch'})
             for number in range(20)]
    for name in ('items', 'mapping', 'point', 'pair', 'rest'):
        asked.append(('variables', {'variablesReference': found[name]['variablesReference']}))
    numbers = client.send_all(asked)
    for index, number in enumerate(numbers[:20]):
        assert client.body(number)['result'] == str(42 + index)
    assert all(client.body(number)['variables'] for number in numbers[20:])


def test_stepping_after_evaluation(stopped):
    program, client, thread, frame = stopped
    client.evaluate('number', frame)
    assert client.step('next', thread) == ('show', program.line('stop') + 1)
    assert plain(client.top_locals(thread)['seen']['value']) == "['global']"


def test_500_frames(debuggee, adapter):
    program, client = debuggee('deep.py'), adapter()
    client.attach(program, {program.file: [program.line('bottom')]})
    thread = client.wait_stopped('breakpoint').thread
    whole = client.request('stackTrace', threadId=thread)
    assert whole['totalFrames'] == len(whole['stackFrames']) == 501
    assert [frame['name'] for frame in whole['stackFrames']] == ['down'] * 500 + ['<module>']
    assert {frame['line'] for frame in whole['stackFrames'][1:500]} == {program.line('down')}
    page = client.request('stackTrace', threadId=thread, startFrame=490, levels=5)
    assert page['totalFrames'] == 501
    assert [one['id'] for one in page['stackFrames']] == [one['id'] for one in whole['stackFrames'][490:495]]
    assert client.stack(thread, startFrame=0, levels=1)[0]['line'] == program.line('bottom')
    assert len(client.stack(thread, startFrame=499, levels=20)) == 2
    past = client.request('stackTrace', threadId=thread, startFrame=501, levels=20)
    assert past['stackFrames'] == [] and past['totalFrames'] == 501
    assert len(client.stack(thread, startFrame=0, levels=0)) == 501
    assert client.locals(whole['stackFrames'][250]['id'])['left']['value'] == '251'
    assert client.evaluate('left * 2', whole['stackFrames'][250]['id'])['result'] == '502'
    client.continue_(thread)
    program.wait_line('depth 499')


def test_functions_in_an_expression_see_the_locals(stopped):
    """Comprehensions, generators, lambdas; and where it is only opened."""
    program, client, thread, frame = stopped
    for context in ('watch', 'repl', 'hover'):
        assert client.evaluate('[first for _ in pair]', frame, context)['result'] == '[10, 10]'
        assert client.evaluate('any(first == one for one in (9, 10))', frame, context)['result'] == 'True'
        assert client.evaluate('(lambda: number)()', frame, context)['result'] == '42'
    opened = client.children(client.evaluate('[[first, n] for n in rest]', frame, 'watch'))
    assert [one['value'] for one in client.children(opened['[0]']).values()] == ['10', '30']
    assert 'no_such' in client.evaluate_refused('[no_such for _ in pair]', frame, 'watch')
    client.evaluate('kept = [first for _ in pair]', frame)
    outer = client.stack(thread)[1]['id']
    assert plain(client.evaluate('[inner for _ in (1,)]', outer, 'watch')['result']) == "['in the caller']"


def test_result_with_a_comment_can_be_opened(stopped):
    program, client, thread, frame = stopped
    found = client.children(client.evaluate('[point] + [7]  # both', frame, 'watch'))
    assert client.children(found['[0]'])['x']['value'] == '1'


def test_nothing_in_it_but_attributes(stopped):
    """ptvsd itself opens nothing whose length is 0."""
    program, client, thread, frame = stopped
    hollow = client.evaluate("type('Hollow', (), {'__len__': lambda self: 0, 'limit': 5})()", frame, 'watch')
    assert client.children(hollow)['limit']['value'] == '5'
    assert client.evaluate('[]', frame, 'watch')['variablesReference'] == 0
    assert client.evaluate('first', frame, 'watch')['variablesReference'] == 0


def test_frame_with_names_that_are_no_text(stopped):
    program, client, thread, frame = stopped
    client.evaluate('globals()[1] = 2', frame)
    assert client.evaluate('[first for _ in pair]', frame, 'watch')['result'] == '[10, 10]'
    assert client.children(client.evaluate('items', frame, 'watch'))['[0]']['value'] == '1'


def test_globals_are_not_hidden_by_locals(stopped):
    """Neither by those that an expression is given, nor in its scope."""
    program, client, thread, frame = stopped
    client.evaluate("globals()['first'] = 'of the module'", frame)
    found = {one['name']: one for one in client.variables(client.scope(frame, 'Globals')['variablesReference'])}
    assert plain(found['first']['value']) == "'of the module'" and 'second' not in found
