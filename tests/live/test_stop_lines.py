"""Breakpoints on lines where Python never stops move, or are refused; and where it can stop."""

import os
import shutil

import pytest

import servers

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def line_of(path, words):
    words, _, more = words.partition('+')
    with open(path, encoding='utf-8') as source:
        (found,) = [number for number, text in enumerate(source, 1) if words.strip() in text] or [None]
    return found + int(more or 0)


@pytest.fixture(params=['local', 'remote'])
def sparse(request, debuggee, adapter, tmp_path):
    """sparse.py, attached: (program, client, its path for the editor). `local`: there is a copy of it here;
    `remote`: the program alone has it."""
    program, client = debuggee('sparse.py'), adapter()
    local = str(tmp_path / 'local')
    if request.param == 'local':
        shutil.copytree(servers.PROGRAMS, local)
    program.goes_on()
    path = os.path.join(local, 'sparse.py')
    client.attach(program, {path: [program.line('call')]}, localRoot=local, remoteRoot=program.root)
    stop = client.wait_stopped('breakpoint')
    return program, client, path, stop


def moved(client, path, lines):
    return [(one['verified'], one.get('line')) for one in client.set_breakpoints(path, lines)]


def test_lines_move(sparse):
    program, client, path, stop = sparse
    places = [('def work+1', 'if number'), ('def work+2', 'if number'), ('def work+3', 'if number'),
              ('# a comment', 'if number'), ('# a comment+1', 'if number'), ('# before else', 'made = -number'),
              ('# line: odd+1', 'made = -number'), ('    else:', 'made = -number'), ('of+1', 'return made'),
              ('# line: return', 'return made'), ('# line: call+1', "print('tick"), ('# line: even', '# line: even'),
              ('# before the class', 'class Thing'), ('# before the method', 'def method')]
    for asked, wanted in places:
        if asked == 'of+1':
            asked = "text = '''of+3"
        asked, wanted = line_of(program.file, asked), line_of(program.file, wanted)
        assert moved(client, path, [asked]) == [(True, wanted)], asked


def test_line_that_moved_is_hit(sparse):
    program, client, path, stop = sparse
    (answered,) = client.set_breakpoints(path, [line_of(program.file, '# a comment')])
    first = line_of(program.file, 'if number')
    assert answered['line'] == first
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [answered['id']]
    assert client.place(stop.thread) == ('work', first)
    (again,) = client.set_breakpoints(path, [first])
    assert again['id'] == answered['id'], 'editors send the line that they were told'
    client.set_breakpoints(path, [])
    client.continue_(stop.thread)
    program.goes_on()
    client.not_stopped()


def test_line_that_never_stops_is_refused(sparse):
    program, client, path, stop = sparse
    last = line_of(program.file, '# at the end')
    for line in (last, last + 1, last + 1000, 10**6, 2**31 - 1):
        (answered,) = client.set_breakpoints(path, [line])
        assert not answered['verified'] and 'never stops' in answered['message'] and str(line) in answered['message']
    kept, refused = client.set_breakpoints(path, [program.line('call'), last])
    assert kept['verified'] and not refused['verified']
    client.continue_(stop.thread)
    assert client.wait_stopped('breakpoint').body['hitBreakpointIds'] == [kept['id']]


def test_locations(sparse):
    program, client, path, stop = sparse
    first, last = line_of(program.file, 'def work'), line_of(program.file, '# line: return')
    found = client.request('breakpointLocations', source={'path': path}, line=first, endLine=last)['breakpoints']
    lines = [one['line'] for one in found]
    wanted = [line_of(program.file, words) for words in ('def work', 'if number', '# line: odd', '# line: even',
                                                         '# line: return')]
    string = line_of(program.file, "text = '''of")  # before Python 3.8 it stops at the string's last line
    assert sorted(set(wanted) - set(lines)) == [] and lines == sorted(lines)
    assert len(lines) == len(wanted) + 1 and set(lines) - set(wanted) <= {string, string + 2}
    assert client.request('breakpointLocations', source={'path': path}, line=first + 1)['breakpoints'] == []
    only = client.request('breakpointLocations', source={'path': path}, line=wanted[1])['breakpoints']
    assert only == [{'line': wanted[1]}]
    assert 'line' in client.refused('breakpointLocations', source={'path': path})
    assert client.refused('breakpointLocations', line=1)
    assert client.refused('breakpointLocations', source={'path': '/no/such.py'}, line=1)


def test_before_the_program_is_asked(debuggee, adapter):
    """The local text is enough while the program runs."""
    program, client = debuggee('sparse.py'), adapter()
    client.attach(program)
    program.goes_on()
    (answered,) = client.set_breakpoints(program.file, [line_of(program.file, '# a comment')])
    client.wait_verified(answered)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', line_of(program.file, 'if number'))


def test_lines_of_a_text_by_reference(debuggee, adapter, tmp_path):
    program, client = debuggee('texts.py'), adapter()
    nowhere = str(tmp_path / 'nowhere')
    client.attach(program, {os.path.join(nowhere, 'texts.py'): [program.line('work')]},
                  localRoot=nowhere, remoteRoot=program.root)
    stop = client.wait_stopped('breakpoint')
    for name, first in (('umlauts.py', 3), ('packed.py', 3), ('<string>', 4)):
        (source,) = [frame['source'] for frame in client.stack(stop.thread) if frame['source']['name'] == name]
        found = client.request('breakpointLocations', source=source, line=1, endLine=99)['breakpoints']
        assert [one['line'] for one in found] == [first, first + 1]
        (answered,) = client.request('setBreakpoints', source=source, breakpoints=[{'line': 1}])['breakpoints']
        assert answered['line'] == first
