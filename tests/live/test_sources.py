"""Texts that the editor has no copy of come from the program; copies that differ are told."""

import os

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def stopped(debuggee, adapter, tmp_path):
    """texts.py stopped in work(), under a mapping that leads nowhere: (program, client, stop)."""
    program, client = debuggee('texts.py'), adapter()
    nowhere = str(tmp_path / 'nowhere')
    client.attach(program, {os.path.join(nowhere, 'texts.py'): [program.line('work')]},
                  localRoot=nowhere, remoteRoot=program.root)
    return program, client, client.wait_stopped('breakpoint')


def source_of(client, thread, name):
    (found,) = [frame['source'] for frame in client.stack(thread)
                if frame['name'] == 'through' and frame['source']['name'] == name]
    return found


def text_of(client, source):
    assert source['sourceReference'] > 0
    body = client.request('source', source=source, sourceReference=source['sourceReference'])
    return body['content']


@pytest.mark.parametrize('name, encoding', [('umlauts.py', 'latin-1'), ('large.py', 'utf-8')])
def test_text_of_a_file(stopped, name, encoding):
    program, client, stop = stopped
    source = source_of(client, stop.thread, name)
    assert source['path'] == program.path(name)
    with open(program.path(name), encoding=encoding) as opened:
        assert text_of(client, source) == opened.read()


def test_text_of_a_member_of_an_archive(stopped):
    program, client, stop = stopped
    source = source_of(client, stop.thread, 'packed.py')
    assert text_of(client, source) == '\n\ndef through(function, number):\n    return function(number)  # packed\n'


def test_text_of_a_string(stopped):
    """Found among the strings at hand, since it compiles to the very code that runs."""
    program, client, stop = stopped
    source = source_of(client, stop.thread, '<string>')
    assert text_of(client, source) == ('# of a string\n\n\ndef through(function, number):\n'
                                       '    return function(number)  # string\n')


def test_references_last(stopped):
    """From one stop to the next, and by the number alone; an unknown one is refused."""
    program, client, stop = stopped
    source = source_of(client, stop.thread, 'umlauts.py')
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert source_of(client, stop.thread, 'umlauts.py') == source
    text = client.request('source', sourceReference=source['sourceReference'])['content']
    assert text == text_of(client, source)
    for unknown in (0, -1, 999999, 2**31, 2**40):
        assert client.refused('source', sourceReference=unknown)
    assert 'sourceReference' in client.refused('source')


def test_text_while_the_program_runs(stopped):
    """Wire 8 can; the others say why not, and can again at the next stop."""
    program, client, stop = stopped
    source = source_of(client, stop.thread, 'umlauts.py')
    path = [frame['source']['path'] for frame in client.stack(stop.thread)][0]
    text = text_of(client, source)
    client.set_breakpoints(path, [])
    client.continue_(stop.thread)
    program.goes_on()
    if program.pair.wire == 8:
        assert text_of(client, source) == text
    else:
        assert 'running' in client.refused('source', sourceReference=source['sourceReference'])
    client.pause(stop.thread)
    client.wait_stopped('pause')
    assert text_of(client, source) == text


def test_text_that_is_gone(stopped):
    program, client, stop = stopped
    source = source_of(client, stop.thread, 'umlauts.py')
    os.remove(program.path('umlauts.py'))
    message = client.refused('source', sourceReference=source['sourceReference'])
    assert 'umlauts.py' in message and 'pathMappings' in message


@pytest.mark.parametrize('with_path', [True, False])
def test_breakpoint_in_a_text_of_the_program(stopped, with_path):
    program, client, stop = stopped
    source = source_of(client, stop.thread, 'umlauts.py')
    named = source if with_path else {'sourceReference': source['sourceReference']}
    (answered,) = client.request('setBreakpoints', source=named, breakpoints=[{'line': 4}])['breakpoints']
    assert answered['verified'] and answered['source'] == source
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [answered['id']]
    top = client.top(stop.thread)
    assert (top['name'], top['line'], top['source']) == ('through', 4, source)
    assert client.request('setBreakpoints', source=named, breakpoints=[])['breakpoints'] == []
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', program.line('work'))


def test_local_file_is_preferred(debuggee, adapter):
    program, client = debuggee('texts.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    for name in ('umlauts.py', 'large.py'):
        assert source_of(client, stop.thread, name) == {'name': name, 'path': program.path(name)}
    assert source_of(client, stop.thread, 'packed.py')['sourceReference'] > 0


# ---- copies that differ

def remarks(client, name):
    return [line for line in client.console().splitlines() if name in line and 'not the same text' in line]


def test_copy_that_differs_is_told_once(debuggee, adapter, tmp_path):
    program, client = debuggee('loop.py'), adapter()
    local = program.local_copy(tmp_path / 'copy')
    with open(os.path.join(local, 'loop.py'), 'a') as copy:
        copy.write('# one more line\n')
    path = os.path.join(local, 'loop.py')
    client.attach(program, {path: [program.line('work'), program.line('text')]}, localRoot=local, remoteRoot=program.root)
    for _ in range(4):
        stop = client.wait_stopped('breakpoint')
        client.top_locals(stop.thread)  # comes behind the comparison
        client.continue_(stop.thread)
    (told,) = remarks(client, 'loop.py')
    assert path in told and program.file in told


@pytest.mark.parametrize('just_my_code', [True, False])
def test_program_under_the_prefix_of_python(debuggee, adapter, just_my_code):
    """ptvsd stops there at breakpoints alone, which is said once."""
    program, client = debuggee('in_prefix.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]}, justMyCode=just_my_code)
    for _ in range(2):
        stop = client.wait_stopped('breakpoint')
        client.top_locals(stop.thread)  # comes behind the comparison
        client.continue_(stop.thread)
    client.wait_event('terminated')
    told = [line for line in client.console().splitlines() if 'justMyCode' in line]
    assert len(told) == (1 if just_my_code else 0)
    assert not told or (program.file in told[0] and program.root in told[0])


def test_copy_with_other_line_ends_is_the_same(debuggee, adapter, tmp_path):
    program, client = debuggee('loop.py'), adapter()
    local = program.local_copy(tmp_path / 'copy')
    path = os.path.join(local, 'loop.py')
    with open(path, 'rb') as copy:
        data = copy.read()
    with open(path, 'wb') as copy:
        copy.write(data.replace(b'\n', b'\r\n') + b'\r\n')
    client.attach(program, {path: [program.line('work')]}, localRoot=local, remoteRoot=program.root)
    for _ in range(2):
        stop = client.wait_stopped('breakpoint')
        client.top_locals(stop.thread)
        client.continue_(stop.thread)
    assert remarks(client, 'loop.py') == []


def test_copy_that_differs_can_be_compared(debuggee, adapter, tmp_path):
    """The remark names the local file, and leads to the text on the program's side."""
    program, client = debuggee('loop.py'), adapter()
    local = program.local_copy(tmp_path / 'copy')
    path = os.path.join(local, 'loop.py')
    with open(path, 'a') as copy:
        copy.write('# one more line\n')
    client.attach(program, {path: [program.line('work')]}, localRoot=local, remoteRoot=program.root)
    stop = client.wait_stopped('breakpoint')
    client.top_locals(stop.thread)  # comes behind the comparison
    (told,) = [one for one in client.all_events('output') if 'source' in one]
    assert told['output'].startswith(path) and told['data'] == {'local': path}
    assert told['source']['path'] == program.file
    text = client.request('source', source=told['source'], sourceReference=told['source']['sourceReference'])['content']
    with open(program.file) as there:
        assert text == there.read()
    assert client.top(stop.thread)['source'] == {'name': 'loop.py', 'path': path}


def test_same_size_other_text(debuggee, adapter, tmp_path):
    program, client = debuggee('loop.py'), adapter()
    local = program.local_copy(tmp_path / 'copy')
    path = os.path.join(local, 'loop.py')
    with open(path, 'rb') as copy:
        data = copy.read()
    with open(path, 'wb') as copy:
        copy.write(data.replace(b'number * 2', b'2 * number'))
    client.attach(program, {path: [program.line('work')]}, localRoot=local, remoteRoot=program.root)
    stop = client.wait_stopped('breakpoint')
    client.top_locals(stop.thread)
    assert len(remarks(client, 'loop.py')) == 1


# ---- modules

def test_modules_and_their_pages(debuggee, adapter):
    program, client = debuggee('texts.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    body = client.request('modules')
    listed = body['modules']
    assert body['totalModules'] == len(listed) and len({one['id'] for one in listed}) == len(listed)
    by_path = {one['path']: one for one in listed}
    assert by_path[program.path('umlauts.py')]['name'] == 'umlauts.py'
    assert program.file in by_path
    page = client.request('modules', startModule=1, moduleCount=2)
    assert page['modules'] == listed[1:3] and page['totalModules'] == len(listed)
    assert client.request('modules', startModule=1)['modules'] == listed[1:]
    assert client.request('modules', startModule=len(listed) + 5)['modules'] == []


def test_a_source_is_told_when_it_loads(debuggee, adapter):
    """What was there before, or has no copy here, is in the answer to loadedSources alone."""
    program, client = debuggee('late.py'), adapter()
    client.attach(program, {program.path('late_module.py'): [program.line('triple', 'late_module.py')]})
    client.wait_event('module', lambda body: body['module']['path'] == program.file)
    program.tell('import')
    told = client.wait_event('loadedSource', lambda body: body['source']['name'] == 'late_module.py')
    assert told == {'reason': 'new', 'source': {'name': 'late_module.py', 'path': program.path('late_module.py')}}


def test_loaded_sources(stopped):
    program, client, stop = stopped
    sources = {one['path']: one for one in client.request('loadedSources')['sources']}
    assert sources[program.path('umlauts.py')] == source_of(client, stop.thread, 'umlauts.py')
    with open(program.path('umlauts.py'), encoding='latin-1') as opened:
        assert text_of(client, sources[program.path('umlauts.py')]) == opened.read()
