"""Log points: lines for the editor only, written at each pass, and the program never stops."""

import signal

import pytest

from test_hit_conditions import edit, run

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def logged(debuggee, adapter):
    """logged(message, ...) attaches with this log point; gives (program, client)."""
    def start(message, marker='pass', others=(), **more):
        program, client = debuggee('counts.py'), adapter()
        wanted = [dict(more, line=program.line(marker), logMessage=message)] + list(others)
        answered = client.attach(program, {program.file: wanted})
        client.wait_verified(answered[program.file][0])
        return program, client
    return start


def lines(program, client, count, last=None):
    """What came to the editor during a loop of so many passes, without the program's own line."""
    before = len(client.output())
    assert run(program, client, count) == []
    client.wait_until(lambda: client.output()[before:].endswith('done loop\n'), 'the loop\'s end')
    return client.output()[before:-len('done loop\n')]


def test_thousand_passes_in_order(logged):
    program, client = logged('at {number} of {count}, {{as it is}}')
    assert lines(program, client, 1000) == ''.join('at %d of 1000, {as it is}\n' % n for n in range(1000))
    client.not_stopped()
    assert not [line for line in program.out.lines + program.err.lines if 'at ' in line]


def test_constant_text(logged):
    program, client = logged('passed }} here')
    assert lines(program, client, 2) == 'passed } here\n' * 2


def test_failing_expressions_are_shown_in_the_line(logged):
    program, client = logged('{number}: {no_such} {1 // (number - 1)} {1 +} {sys.exit(3)}')
    first, second = lines(program, client, 2).splitlines()
    start = "%d: <NameError: name 'no_such' is not defined> %s <SyntaxError: "
    assert first.startswith(start % (0, -1))
    # PyPy, 2.7 and 3 word it differently.
    assert second.startswith((start % (1, '<ZeroDivisionError: '))[:-15])
    assert first.rsplit(' ', 2)[1:] == ['<SystemExit:', '3>']
    client.not_stopped()
    assert program.alive


def test_value_whose_text_fails(logged):
    program, client = logged(
        "{number} {type('Bad', (object,), {'__str__': lambda self: 1 // 0})()} after")
    assert lines(program, client, 1).startswith('0 <ZeroDivisionError: ')
    assert lines(program, client, 1).endswith('> after\n')


def test_unicode(logged):
    program, client = logged(u'\u2013 {name} \U0001f600 {u"\xe9"}')
    assert lines(program, client, 1) == u'\u2013 Gr\xfc\xdfe \u263a \U0001f600 \xe9\n'


def test_half_a_character(logged):
    """It cannot be sent as it is, and must not cost the connection."""
    program, client = logged(r'{u"\ud800"}{number}')
    text = lines(program, client, 2)
    assert text.count('\n') == 2 and text.endswith('1\n')
    assert run(program, client, 1) == []


def test_bytes_that_are_no_text(logged):
    program, client = logged(r'{b"\xff\x00"}{number}')
    assert lines(program, client, 2).endswith('1\n')


def test_quotes_and_braces_in_expressions(logged):
    program, client = logged("""{ {'}': "{'", 'a': [number]}['a'][0] } {'''it's }'''} {"%s" % {1: '\\''}[1]}""")
    assert lines(program, client, 1) == "0 it's } '\n"


def test_beside_a_breakpoint(logged):
    program, client = logged('{number}', others=[])
    client.set_breakpoints(program.file, [{'line': program.line('pass'), 'logMessage': '{number}'},
                                          program.line('over')])
    program.write('loop 5')
    stop = client.wait_stopped('breakpoint')
    assert client.top(stop.thread)['line'] == program.line('over')
    client.wait_output('4\n')
    assert client.output().replace('done loop\n', '') == '0\n1\n2\n3\n4\n'
    client.continue_(stop.thread)
    program.wait_line('done loop')
    client.not_stopped()


def test_with_condition_and_count(logged):
    program, client = logged('{number}', condition='number % 2', hitCondition='%2')
    assert lines(program, client, 10) == '3\n7\n'
    program, client = logged('{number}', condition='number % 2', hitCondition='<3')
    assert lines(program, client, 10) == '1\n3\n'


def test_with_changed(logged):
    program, client = logged('{number}', condition='changed(even)')
    assert lines(program, client, 6) == '0\n2\n4\n'


def test_with_a_condition_that_fails(logged):
    program, client = logged('{number}', condition='no_such')
    assert lines(program, client, 1) == \
        "the condition of the log point: <NameError: name 'no_such' is not defined>\n"


def test_three_threads(logged):
    program, client = logged('turn {turn}', marker='worker')
    program.write('threads')
    program.wait_line('done threads')
    client.wait_output('done threads\n')
    said = client.output().splitlines()
    assert sorted(said) == sorted(['turn %d' % n for n in range(100)] * 3 + ['done threads'])
    client.not_stopped()


def test_recursion(logged):
    program, client = logged('{depth}', marker='down')
    program.write('recursion 300')
    client.wait_output('done recursion\n')
    assert client.output() == ''.join('%d\n' % n for n in range(300, 0, -1)) + 'done recursion\n'


def test_edited_in_place(logged):
    program, client = logged('a {number}')
    assert lines(program, client, 2) == 'a 0\na 1\n'
    edit(program, client, {'logMessage': 'b {number}'})
    assert lines(program, client, 2) == 'b 0\nb 1\n'
    edit(program, client, {'hitCondition': '6'})
    assert run(program, client, 4) == [1]
    edit(program, client, {'logMessage': 'c {number}', 'hitCondition': '>=10'})
    assert lines(program, client, 4) == 'c 1\nc 2\nc 3\n'
    edit(program, client)
    assert lines(program, client, 2) == ''


def test_on_the_line_of_the_attach_stop(debuggee, adapter):
    """ptvsd has looked for breakpoints of that line already when this one comes."""
    program, client = debuggee('conditions.py'), adapter()
    first = program.line('add') - 2  # total = 0
    client.attach(program, {program.file: [{'line': line, 'logMessage': 'line %d' % line}
                                           for line in (first, first + 1)]})
    program.wait_line('total 45')
    client.wait_event('terminated')
    client.not_stopped()
    assert 'line %d\n' % (first + 1) in client.output()


@pytest.mark.parametrize('message', ['{', 'a {b', 'a {} b', "{'}", '{ }'])
def test_bad_messages_say_why(debuggee, adapter, message):
    program, client = debuggee('counts.py'), adapter()
    wanted = [{'line': program.line('over'), 'logMessage': message},
              {'line': program.line('pass'), 'logMessage': 'x'}]
    bad, good = client.attach(program, {program.file: wanted})[program.file]
    assert not bad['verified'] and '{{' in bad['message']
    client.wait_verified(good)
    assert lines(program, client, 2) == 'x\nx\n'


@pytest.mark.parametrize('guarded', [False, True])
def test_adapter_killed_while_lines_flow(logged, adapter, guarded):
    program, client = logged('{number}')
    if guarded:
        client.set_breakpoints(program.file, [{'line': program.line('pass'), 'logMessage': '{number}'},
                                              program.line('over')])
        program.write('loop 1')
        stop = client.wait_stopped('breakpoint')
        client.evaluate('0', client.top(stop.thread)['id'])  # behind the guard
        client.set_breakpoints(program.file, [{'line': program.line('pass'), 'logMessage': '{number}'}])
        client.continue_(stop.thread)
        program.wait_line('done loop')
    program.write('loop 20000')
    client.wait_output('200\n')
    client.ended = True
    client.signal(signal.SIGKILL)
    program.wait_line('done loop', timeout=30)
    program.write('loop 10')
    program.wait_line('done loop')
    assert program.err.lines == []


HELD = ("[name for name in ('bridge_points',) if getattr(__import__('sys').modules[%r], name, None)]")


def test_nothing_is_left_after_a_detach(logged, adapter, pair):
    """The drop guard sees to it, which most wires let in at a stop only."""
    program, client = logged('{number}', hitCondition='<3')
    assert lines(program, client, 4) == '0\n1\n'
    client.set_breakpoints(program.file, [{'line': program.line('pass'), 'logMessage': 'x'}, program.line('over')])
    program.write('loop 1')
    stop = client.wait_stopped('breakpoint')
    client.evaluate('0', client.top(stop.thread)['id'])  # behind the guard
    client.continue_(stop.thread)
    program.wait_line('done loop')
    client.disconnect()
    again = adapter()
    module = 'ptvsd.debugger' if pair.release >= '3.2' else 'ptvsd.visualstudio_py_debugger'
    again.attach(program, {program.file: [program.line('over')]})
    program.write('loop 4')
    stop = again.wait_stopped('breakpoint')
    frame = again.top(stop.thread)['id']
    assert again.evaluate(HELD % module, frame)['result'] == '[]'
    assert '0\n' not in again.output()


def test_functions_in_an_expression_see_the_locals(logged):
    program, client = logged('{[number for _ in (1, 2)]}')
    assert lines(program, client, 2) == '[0, 0]\n[1, 1]\n'
