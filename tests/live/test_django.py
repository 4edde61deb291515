"""Templates of a real Django: breakpoints, frames, values, steps, without a server."""

import os

import pytest

import packages

pytestmark = [pytest.mark.pythons('py2.7', 'py3.6'), pytest.mark.two_pythons]


def release_for(pair):
    """Up to 2.2.0 ptvsd looks for what nodes had up to Django 1.8."""
    return '1.8.19' if pair.wire < 6 or pair.release == '2.2.0' else '1.11.29'


@pytest.fixture
def rendering(pair, debuggee, adapter):
    """The program and a client, stopped at these lines of its template."""
    def start(*lines, **how):
        program, client = debuggee('renders.py', packages.django(release_for(pair))), adapter()
        how = {name: value(program) if callable(value) else value for name, value in how.items()}
        client.attach(program, {program.path('templates/page.html'): lines}, **dict({'django': True}, **how))
        return program, client
    return start


def place(client, thread):
    top = client.top(thread)
    return os.path.basename(top['source']['path']), top['line']


def test_template_breakpoint(rendering):
    program, client = rendering(4)
    page = program.path('templates/page.html')
    for item in ('one', 'two'):
        stop = client.wait_stopped('breakpoint')
        top = client.top(stop.thread)
        assert (top['source']['path'], top['line']) == (page, 4)
        assert 'sourceReference' not in top['source']
        values = client.locals(top['id'])
        assert values['item']['value'].lstrip('u') == repr(item) and 'title' in values
        assert client.evaluate('item + title[:4]', top['id'])['result'].lstrip('u') == repr(item + 'page')
        assert 'template' in client.refused('setVariable', name='item', value='1', variablesReference=client.scopes(
            top['id'])[0]['variablesReference'])
        client.continue_(stop.thread)
    (moved,) = client.set_breakpoints(page, [1])
    assert moved['verified'] and moved['line'] == 1
    stop = client.wait_stopped('breakpoint', lambda body: body.get('hitBreakpointIds') == [moved['id']])
    assert place(client, stop.thread) == ('page.html', 1)
    client.set_breakpoints(page, [])
    client.continue_(stop.thread)
    program.goes_on()
    client.disconnect()
    program.goes_on()


def test_template_steps(rendering):
    """From node to node of the template."""
    program, client = rendering(1)
    stop = client.wait_stopped('breakpoint')
    lines = [place(client, stop.thread)[1]]
    for _ in range(3):
        client.request('next', threadId=stop.thread)
        client.wait_stopped('step')
        assert place(client, stop.thread)[0] == 'page.html'
        lines.append(place(client, stop.thread)[1])
    assert lines == [1, 3, 4, 4]


def test_template_mapped(rendering, tmp_path):
    """The editor's copy lies elsewhere."""
    local = str(tmp_path / 'copy')
    program, client = rendering(pathMappings=lambda program: [{'localRoot': program.local_copy(local), 'remoteRoot': program.root}])
    page = os.path.join(local, 'templates', 'page.html')
    client.set_breakpoints(page, [4])
    stop = client.wait_stopped('breakpoint')
    assert client.top(stop.thread)['source']['path'] == page


def test_template_attached_again(rendering, adapter):
    program, client = rendering(7)
    client.wait_stopped('breakpoint')
    client.disconnect()
    program.goes_on()
    client = adapter()
    client.attach(program, django=True)
    program.goes_on()
    (one,) = client.set_breakpoints(program.path('templates/page.html'), [7])
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [one['id']] and place(client, stop.thread) == ('page.html', 7)


def test_what_templates_have_not(rendering):
    program, client = rendering()
    page = program.path('templates/page.html')
    for what in ({'condition': 'item'}, {'hitCondition': '2'}, {'logMessage': 'item'}):
        (refused,) = client.set_breakpoints(page, [dict(what, line=4)])
        assert not refused['verified'] and 'templates' in refused['message']
    client.set_breakpoints(page, [4, 4, 5])
    client.set_breakpoints(page, [4])
    stop = client.wait_stopped('breakpoint')
    client.set_breakpoints(page, [])
    client.continue_(stop.thread)
    program.goes_on()


def test_template_without_the_attribute(rendering):
    program, client = rendering(django=False)
    (one,) = client.set_breakpoints(program.path('templates/page.html'), [4])
    assert not one['verified'] and '"django"' in one['message']
