"""Exceptions, raised and uncaught, with and without the source at hand."""

import os

import pytest


@pytest.fixture
def run(debuggee, adapter):
    """run('caught', filters=[…]): a program that does these things one after the other, attached to."""
    def start(*words, **how):
        program, client = debuggee('raises.py', *words, module=how.get('module', False)), adapter()
        if how.get('without_source'):
            os.remove(program.file)
        client.attach(program, exceptions=how.get('filters', []))
        return program, client
    return start


def test_raised(run):
    """One stop where it was raised, none in the frames that it passes on its way out."""
    program, client = run('caught', filters=['raised'])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('boom', program.line('boom'))
    assert 'ValueError' in stop.body.get('text', '') + stop.body.get('description', '')
    assert 'caught one' in stop.body.get('text', '') + stop.body.get('description', '')
    client.continue_(stop.thread)
    program.wait_line('after caught')
    client.not_stopped()


def test_raised_twice(run):
    """The second time is a stop of its own."""
    program, client = run('caught', 'caught', filters=['raised'])
    for _ in range(2):
        stop = client.wait_stopped('exception')
        assert client.place(stop.thread) == ('boom', program.line('boom'))
        client.continue_(stop.thread)
        program.wait_line('after caught')
    program.wait_line('done')
    client.not_stopped()


def test_exception_scope(run):
    program, client = run('caught', filters=['raised'])
    stop = client.wait_stopped('exception')
    frame = client.top(stop.thread)['id']
    assert [scope['name'] for scope in client.scopes(frame)][0] == 'Locals'
    scope = client.scope(frame, 'Exception')
    shown = ' '.join(one['value'] + ' ' + one.get('type', '') for one in client.variables(scope['variablesReference']))
    assert 'caught one' in shown and 'ValueError' in shown
    assert "'caught one'" in client.locals(frame)['text']['value']
    assert client.evaluate('text.upper()', frame)['result'].strip('u\'') == 'CAUGHT ONE'


def test_scope_is_gone_at_the_next_stop(run):
    program, client = run('caught', filters=['raised'])
    stop = client.wait_stopped('exception')
    client.request('next', threadId=stop.thread)
    client.wait_stopped('step')
    names = [scope['name'] for scope in client.scopes(client.top(stop.thread)['id'])]
    assert 'Exception' not in names


def test_uncaught(run):
    program, client = run('missing', filters=['uncaught'])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('missing', program.line('missing'))
    assert 'KeyError' in stop.body.get('text', '') + stop.body.get('description', '')
    client.continue_(stop.thread)
    client.wait_event('terminated')
    assert program.exit_code() == 1
    assert any('KeyError' in line for line in program.out.lines + program.err.lines)
    client.not_stopped()


def test_uncaught_in_a_module(run):
    """`python -m`: runpy, around it, handles nothing."""
    program, client = run('handled', 'missing', filters=['uncaught'], module=True)
    program.wait_line('after handled')
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('missing', program.line('missing'))
    client.continue_(stop.thread)
    assert program.exit_code() == 1


def test_clause_that_does_not_match(run):
    program, client = run('unmatched', filters=['uncaught'])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('boom', program.line('boom'))
    client.continue_(stop.thread)
    assert program.exit_code() == 1


@pytest.mark.parametrize('without_source', [False, True], ids=['with source', 'without source'])
def test_handled_does_not_stop(run, without_source):
    """Needs the try/except ranges of the source; without it everything counts as handled."""
    program, client = run('handled', 'caught', filters=['uncaught'], without_source=without_source)
    program.wait_line('after handled')
    program.wait_line('after caught')
    program.wait_line('done')
    client.not_stopped()
    client.wait_event('terminated')
    if without_source:
        assert client.console().count('raises.py') == 1, client.console()
    assert program.exit_code() == 0


def test_handled_then_uncaught(run):
    program, client = run('handled', 'missing', filters=['uncaught'])
    program.wait_line('after handled')
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('missing', program.line('missing'))


def test_both_filters(run):
    program, client = run('caught', 'missing', filters=['raised', 'uncaught'])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('boom', program.line('boom'))
    client.continue_(stop.thread)
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('missing', program.line('missing'))
    client.continue_(stop.thread)
    assert program.exit_code() == 1
    client.not_stopped()


def test_no_filter_no_stop(run):
    program, client = run('handled', 'caught', 'missing')
    assert program.exit_code() == 1
    client.wait_event('terminated')
    client.not_stopped()


def test_leaving_with_status_0_is_no_exception(run):
    program, client = run('leave', filters=['uncaught'])
    assert program.exit_code() == 0
    client.wait_event('terminated')
    client.not_stopped()


def test_filters_changed_while_stopped(run):
    program, client = run('caught', 'caught', 'missing', filters=['raised'])
    stop = client.wait_stopped('exception')
    client.request('setExceptionBreakpoints', filters=[])
    client.continue_(stop.thread)
    assert program.exit_code() == 1
    client.wait_event('terminated')
    client.not_stopped()


def test_filters_changed_while_running(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, exceptions=['uncaught'])
    program.goes_on()
    for filters in (['raised'], ['raised', 'uncaught'], []):
        client.request('setExceptionBreakpoints', filters=filters)
        program.goes_on()
    client.not_stopped()


def test_unknown_filter(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    client.response(client.send('setExceptionBreakpoints', {'filters': ['userUnhandled', 'no such filter']}))
    client.request('setExceptionBreakpoints', filters=[], exceptionOptions=[])
    program.goes_on()


def test_other_thread_goes_on(debuggee, adapter):
    """Only the raising thread stops, so allThreadsStopped must not be claimed."""
    program, client = debuggee('raises.py', 'caught'), adapter()
    client.attach(program, exceptions=['raised'])
    stop = client.wait_stopped('exception')
    assert not stop.body.get('allThreadsStopped', False)
    client.continue_(stop.thread)
    program.wait_line('done')


@pytest.mark.parametrize('kind, line, text', [
    ('ValueError', 'text', u'ValueError: caf\xe9'), ('Bad', 'bad', 'Bad: its message cannot be shown: str() of it raises')])
def test_message_that_str_refuses(debuggee, adapter, kind, line, text):
    """ptvsd's str() of it would raise in the program, with the lock of the stopped thread held."""
    program, client = debuggee('unshowable.py'), adapter()
    if kind == 'Bad':
        program.tell('bad')
    client.attach(program, exceptions=['raised'])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('throw', program.line(line))
    assert stop.body['text'].endswith(text)
    name = client.request('exceptionInfo', threadId=stop.thread)['details'].get('evaluateName')
    if name:  # it is the exception itself
        raised = client.evaluate('type(%s).__name__' % name, client.top(stop.thread)['id'])
        assert raised['result'].strip("'") == kind
    client.request('setExceptionBreakpoints', filters=[])
    client.continue_(stop.thread)
    program.out.skip()
    program.wait_line('caught ' + kind)
