"""Local and remote paths: mappings, or the file's name alone."""

import os

import pytest


def stops_at(client, program, path, marker, name):
    """A breakpoint under the editor's path hits, and frames show that very text."""
    line = program.line(marker, name)
    (answered,) = client.set_breakpoints(path, [line])
    client.wait_verified(answered)
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [answered['id']]
    top = client.top(stop.thread)
    assert (top['source']['path'], top['line']) == (path, line)
    return stop


@pytest.fixture
def dialogs(debuggee):
    program = debuggee('dialogs.py')
    program.goes_on()
    return program


def test_local_and_remote_root(dialogs, adapter, tmp_path):
    local, client = dialogs.local_copy(tmp_path / 'my copy'), adapter()
    client.attach(dialogs, localRoot=local, remoteRoot=dialogs.root)
    stop = stops_at(client, dialogs, os.path.join(local, 'two', 'dialog.py'), 'show', 'two/dialog.py')
    assert client.stack(stop.thread)[1]['source']['path'] == os.path.join(local, 'dialogs.py')


def test_several_mappings_longest_prefix_wins(dialogs, adapter, tmp_path):
    all_of_it, two = dialogs.local_copy(tmp_path / 'all'), dialogs.local_copy(tmp_path / 'only') + '/two'
    for order in (1, -1):
        client = adapter()
        rules = [{'localRoot': all_of_it, 'remoteRoot': dialogs.root},
                 {'localRoot': two, 'remoteRoot': dialogs.path('two')},
                 {'localRoot': str(tmp_path / 'else'), 'remoteRoot': '/srv/else'}][::order]
        client.attach(dialogs, pathMappings=rules)
        stop = stops_at(client, dialogs, two + '/dialog.py', 'show', 'two/dialog.py')
        assert client.stack(stop.thread)[1]['source']['path'] == os.path.join(all_of_it, 'dialogs.py')
        client.set_breakpoints(two + '/dialog.py', [])
        client.continue_(stop.thread)
        stops_at(client, dialogs, os.path.join(all_of_it, 'one', 'dialog.py'), 'show', 'one/dialog.py')
        client.disconnect()


@pytest.mark.parametrize('matched', [False, True], ids=['looked up', 'matched'])
def test_restart_with_other_mappings(dialogs, adapter, tmp_path, matched):
    """What was found out by the old ones, or matched by a breakpoint under them, does not hold any more."""
    first, second = [dialogs.local_copy(tmp_path / name) for name in ('first', 'second')]
    client = adapter()

    def mapped(local):
        return {'pathMappings': [{'localRoot': local, 'remoteRoot': dialogs.root}]}

    def shown_in_pause():
        client.request('pause', threadId=client.threads()[0]['id'])
        return client.stack(client.wait_stopped('pause').thread)[-1]['source']['path']
    client.attach(dialogs, **mapped(first))
    if matched:
        stops_at(client, dialogs, os.path.join(first, 'dialogs.py'), 'call', 'dialogs.py')
        client.set_breakpoints(os.path.join(first, 'dialogs.py'), [])
    else:
        assert shown_in_pause() == os.path.join(first, 'dialogs.py')
    client.request('restart', arguments=dict(client.ATTACH, host='127.0.0.1', port=dialogs.port, secret='hush-4711',
                                             **mapped(second)))
    assert shown_in_pause() == os.path.join(second, 'dialogs.py')
    client.disconnect()
    dialogs.goes_on()


def test_trailing_slashes(dialogs, adapter, tmp_path):
    local, client = dialogs.local_copy(tmp_path / 'copy'), adapter()
    client.attach(dialogs, pathMappings=[{'localRoot': local + '/', 'remoteRoot': dialogs.root}])
    stops_at(client, dialogs, os.path.join(local, 'one', 'dialog.py'), 'show', 'one/dialog.py')
    client.disconnect()
    client = adapter()
    client.attach(dialogs, pathMappings=[{'localRoot': local, 'remoteRoot': dialogs.root + '/'}])
    stops_at(client, dialogs, os.path.join(local, 'one', 'dialog.py'), 'show', 'one/dialog.py')


def test_editor_on_windows(dialogs, adapter):
    client = adapter()
    client.attach(dialogs, pathMappings=[{'localRoot': 'C:\\My Project', 'remoteRoot': dialogs.root}])
    stops_at(client, dialogs, 'C:\\My Project\\two\\dialog.py', 'show', 'two/dialog.py')


def test_editor_on_windows_by_name(dialogs, adapter):
    client = adapter()
    client.attach(dialogs)
    stops_at(client, dialogs, 'D:\\somewhere\\two\\dialog.py', 'show', 'two/dialog.py')


@pytest.mark.parametrize('which', ['one', 'two'])
def test_by_name_in_another_folder(dialogs, adapter, tmp_path, which):
    """No mapping: the longest common tail of the path decides between files of one name."""
    local, client = dialogs.local_copy(tmp_path / 'elsewhere'), adapter()
    client.attach(dialogs)
    path = os.path.join(local, which, 'dialog.py')
    for _ in range(2):
        stop = stops_at(client, dialogs, path, 'show', which + '/dialog.py')
        assert client.top_locals(stop.thread)['where']['value'].strip('\'"') == which
        client.set_breakpoints(path, [])
        client.continue_(stop.thread)
        dialogs.goes_on()


@pytest.mark.parametrize('first', ['other', 'remote'])
def test_by_name_claimed_by_another_file(debuggee, adapter, tmp_path, first):
    """Only one of the two is loaded: the one with more of the path in common has it, whichever was set first, and as
    long as it has a breakpoint."""
    program, client = debuggee('loop.py'), adapter()
    lines = {program.local_copy(tmp_path / 'elsewhere' / name) + '/loop.py': program.line(marker)
             for name, marker in (('other', 'text'), ('remote', 'work'))}
    other, claimed = sorted(lines)
    program.goes_on()
    order = [other, claimed] if first == 'other' else [claimed, other]
    answered = client.attach(program, {path: [lines[path]] for path in order})
    for _ in range(3):
        stop = client.wait_stopped('breakpoint')
        assert client.top(stop.thread)['line'] == lines[claimed]
        assert stop.body['hitBreakpointIds'] == [answered[claimed][0]['id']]
        assert client.top(stop.thread)['source']['path'] == claimed
        client.continue_(stop.thread)
    last = [body['breakpoint'] for body in client.all_events('breakpoint')
            if body['breakpoint']['id'] == answered[other][0]['id']] or answered[other]
    assert not last[-1]['verified'] and 'has not loaded' in last[-1]['message']
    client.set_breakpoints(claimed, [])
    client.wait_event('breakpoint', lambda body: body['breakpoint']['id'] == answered[other][0]['id'] and
                      body['breakpoint']['verified'])
    stop = client.wait_stopped('breakpoint', lambda body: body['hitBreakpointIds'] == [answered[other][0]['id']])
    assert client.top(stop.thread)['line'] == lines[other]
    client.disconnect()


def test_by_name_before_the_module_is_loaded(debuggee, adapter, tmp_path):
    program, client = debuggee('late.py'), adapter()
    path = os.path.join(program.local_copy(tmp_path / 'elsewhere'), 'late_module.py')
    (pending,) = client.attach(program, {path: [program.line('triple', 'late_module.py')]})[path]
    assert not pending['verified'] and pending['message']
    program.tell('import')
    bound = client.wait_event('breakpoint', lambda body: body['breakpoint'].get('id') == pending['id'])
    assert bound['breakpoint']['verified']
    stop = client.wait_stopped('breakpoint')
    assert client.top(stop.thread)['source']['path'] == path
    client.continue_(stop.thread)
    client.wait_stopped('breakpoint')
    client.set_breakpoints(path, [])
    client.continue_(stop.thread)
    program.wait_line('later 18')
    client.not_stopped()


def test_path_is_shown_byte_for_byte_as_sent(dialogs, adapter, tmp_path):
    """Editors match buffers by it: no normalising."""
    local, client = dialogs.local_copy(tmp_path / 'copy'), adapter()
    client.attach(dialogs, localRoot=local, remoteRoot=dialogs.root)
    odd = local + '/./one//dialog.py'
    stops_at(client, dialogs, odd, 'show', 'one/dialog.py')


def test_frame_without_local_copy(dialogs, adapter, tmp_path):
    """What no mapping covers keeps its remote path and line."""
    local, client = dialogs.local_copy(tmp_path / 'copy'), adapter()
    client.attach(dialogs, pathMappings=[{'localRoot': local + '/two', 'remoteRoot': dialogs.path('two')}])
    stop = stops_at(client, dialogs, local + '/two/dialog.py', 'show', 'two/dialog.py')
    caller = client.stack(stop.thread)[1]
    assert (caller['source']['path'], caller['line']) == (dialogs.file, dialogs.line('call'))
    assert caller['name'] == '<module>'


def test_source_deleted_on_both_sides(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    line = program.line('work')
    os.remove(program.file)
    client.attach(program, {program.file: [line]})
    stop = client.wait_stopped('breakpoint')
    top = client.top(stop.thread)
    assert (top['source']['path'], top['line'], top['name']) == (program.file, line, 'work')


def test_compiled_module(debuggee, adapter):
    """Python 2 lists late_module.pyc: it stands for the .py, verified at once."""
    program, client = debuggee('compiled.py', compiled='late_module.py'), adapter()
    assert os.path.exists(program.path('late_module.pyc')) == program.pair.python.is2
    client.attach(program)
    program_path = program.path('late_module.py')
    (answered,) = client.set_breakpoints(program_path, [program.line('triple', 'late_module.py')])
    client.wait_verified(answered)
    program.tell('go')
    stop = client.wait_stopped('breakpoint')
    assert client.top(stop.thread)['source']['path'] == program_path
    client.continue_(stop.thread)
    program.wait_line('late 15')


@pytest.mark.one_pair
def test_conflicting_addresses_are_refused(dialogs, adapter):
    client = adapter()
    port, uri = dialogs.port, 'tcp://hush-4711@127.0.0.1:%d' % dialogs.port
    for how, names in (({'uri': uri, 'host': '127.0.0.1'}, ('uri', 'host')),
                       ({'uri': uri, 'port': port}, ('uri', 'port')),
                       ({'uri': uri, 'connect': {'port': port}}, ('uri', 'connect')),
                       ({'host': '127.0.0.1', 'connect': {'port': port}}, ('host', 'connect')),
                       ({'uri': uri, 'pathMappings': [], 'localRoot': '/'}, ('pathMappings', 'localRoot')),
                       ({'uri': uri, 'pathMappings': [], 'remoteRoot': '/'}, ('pathMappings', 'remoteRoot'))):
        message = client.attach_refused(**how)
        assert all(name in message for name in names), message
    client.attach(dialogs)
    dialogs.goes_on()


@pytest.mark.one_pair
def test_wrong_types_are_refused_by_name(dialogs, adapter):
    client = adapter()
    for how, named in (({'host': 5}, 'host'), ({'port': 'five'}, 'port'), ({'port': 70000}, 'port'),
                       ({'uri': 7}, 'uri'), ({'secret': ['x']}, 'secret'), ({'connect': 'here'}, 'connect'),
                       ({'pathMappings': 'x'}, 'pathMappings'), ({'localRoot': 5}, 'localRoot'),
                       ({'pathMappings': [{'localRoot': 5, 'remoteRoot': '/'}]}, 'localRoot')):
        where = {} if {'host', 'port', 'uri', 'connect'} & set(how) else {'port': dialogs.port}
        assert named in client.attach_refused(**dict(where, **how)), how
    client.attach(dialogs)
    dialogs.goes_on()
