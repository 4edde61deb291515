"""ptvsd's debug options: sent with the attach, or set by executed code where the version cannot be sent them."""

import pytest

from test_launch import launch, program  # noqa: F401

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def at_the_call(debuggee, adapter, **options):
    program, client = debuggee('options.py'), adapter()
    client.attach(program, {program.file: [program.line('call')]}, **options)
    return program, client, client.wait_stopped('breakpoint').thread


def step_in(client, thread):
    client.step('stepIn', thread)
    return client.top(thread)['source']['name']


@pytest.mark.parametrize('options', [{'justMyCode': False}, {'debugOptions': ['DebugStdLib', 'WaitOnNormalExit']}],
                         ids=['justMyCode', 'debugOptions'])
def test_library_code_is_entered_on_demand(debuggee, adapter, options):
    program, client, thread = at_the_call(debuggee, adapter, **options)
    assert step_in(client, thread) == 'colorsys.py'


@pytest.mark.parametrize('guard', [True, False])
def test_library_code_is_passed_over(debuggee, adapter, guard):
    """Also after a session that wanted it, whose guard, or the next session, took it back."""
    program, client, thread = at_the_call(debuggee, adapter, justMyCode=False, dropGuard=guard)
    client.disconnect()
    client = adapter()
    client.attach(program, {program.file: [program.line('call')]}, dropGuard=guard)
    assert step_in(client, client.wait_stopped('breakpoint').thread) == 'options.py'


@pytest.mark.parametrize('wanted', [True, False])
def test_exit_with_success(debuggee, adapter, wanted):
    program, client = debuggee('options.py'), adapter()
    client.attach(program, {program.file: [program.line('call')]}, exceptions=['raised'],
                  breakOnSystemExitZero=wanted)
    client.continue_(client.wait_stopped('breakpoint').thread)
    stop = client.wait_stopped()
    assert client.place(stop.thread)[1] == program.line('exit' if wanted else 'call')


@pytest.mark.one_pair
def test_options_that_make_no_sense(debuggee, adapter):
    program, client = debuggee('options.py'), adapter()
    assert 'contradict' in client.attach_refused(program, justMyCode=True, debugOptions=['DebugStdLib'])
    assert '"debugOptions" must be a list' in client.attach_refused(program, debugOptions='DebugStdLib')
    client.attach(program)


@pytest.mark.parametrize('names, words', [
    (['WaitOnNormalExit'], 'WaitOnNormalExit in "debugOptions" is not passed on'),
    (['WaitOnAbnormalExit', 'DebugStdLib'], 'WaitOnAbnormalExit in "debugOptions" is not passed on'),
    (['WaitOnAbnormalExit', 'WaitOnNormalExit'],
     'WaitOnNormalExit and WaitOnAbnormalExit in "debugOptions" are not passed on'),
    (['RedirectOutput'], None)])
@pytest.mark.one_pair
def test_waiting_at_the_end_is_not_passed_on(debuggee, adapter, names, words):
    """It would be the program that waits, on its own stdin. Said once."""
    program, client = debuggee('options.py'), adapter()
    client.attach(program, debugOptions=names)
    client.request('restart')
    program.tell('stop')
    assert program.exit_code() == 0
    client.wait_event('terminated')
    told = [line for line in client.console().splitlines() if '"debugOptions"' in line]
    assert len(told) == (words is not None)
    assert words is None or words in told[0] and 'its own stdin' in told[0]


@pytest.mark.one_pair
def test_waiting_at_the_end_of_a_launch(launch):  # noqa: F811
    client = launch('exit', '0', breakpoints=['work'], debugOptions=['WaitOnNormalExit'])
    client.wait_stopped('breakpoint')
    assert 'not passed on' not in client.console()
    client.disconnect()


# ---- redirectOutput

def test_output_is_not_shown(debuggee, adapter, pair):
    """Nor is what it writes to stderr; what is meant for the debugger alone is."""
    program, client = debuggee('output.py'), adapter()
    client.attach(program, {program.file: [program.line('end')]}, redirectOutput=False)
    stop = client.wait_stopped('breakpoint')
    frame = client.top(stop.thread)['id']
    assert client.evaluate('6 * 7', frame)['result'] == '42'
    if pair.release == '3.2.1':  # the first that has it
        client.evaluate('sys.modules["ptvsd.debugger"].debug_output.write("for you")', frame)
        client.wait_until(lambda: client.find_event('output', lambda body: body['output'] == 'for you'), 'it')
    client.continue_(stop.thread)
    program.write('')
    program.wait_line('again')
    client.disconnect()
    assert client.output() == ''


@pytest.mark.parametrize('shown', [True, False])
def test_lines_of_log_points_are_always_shown(debuggee, adapter, shown):
    program, client = debuggee('counts.py'), adapter()
    answered = client.attach(program, {program.file: [{'line': program.line('pass'), 'logMessage': 'at {number}'},
                                                      program.line('done')]}, redirectOutput=shown)
    client.wait_verified(answered[program.file][0])
    for _ in range(2):
        program.write('loop 2')
        stop = client.wait_stopped('breakpoint')
        client.continue_(stop.thread)
        program.wait_line('done loop')
    client.disconnect()
    own = 'done loop\n' if shown else ''
    assert client.output().startswith('at 0\nat 1\n' + own + 'at 0\nat 1\n')


@pytest.mark.one_pair
def test_redirect_output_that_makes_no_sense(debuggee, adapter):
    program, client = debuggee('counts.py'), adapter()
    assert '"redirectOutput"' in client.attach_refused(program, redirectOutput='no')
    assert 'contradict' in client.attach_refused(program, redirectOutput=False, debugOptions=['RedirectOutput'])
    client.attach(program, redirectOutput=True, debugOptions=['RedirectOutput'])
