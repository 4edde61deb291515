"""setVariable and setExpression: what the editor shows afterwards and what the program goes on with."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def stopped(looking):
    """(program, client, thread, frame ids from the innermost on)"""
    def start(**announced):
        program, client, thread = looking(**announced)
        return program, client, thread, [frame['id'] for frame in client.stack(thread)]
    return start


def plain(text):
    return text.replace("u'", "'").rstrip('L')


def set_local(client, frame, name, value):
    reference = client.scopes(frame)[0]['variablesReference']
    return client.request('setVariable', variablesReference=reference, name=name, value=value)


def shows(client, frame, name, value):
    """The scope and an evaluation agree."""
    assert plain(client.locals(frame)[name]['value']) == value
    assert plain(client.evaluate(name, frame, 'watch')['result']) == value


def test_local(stopped):
    program, client, thread, frames = stopped()
    for name, value, shown in (('number', 'number + 1', '43'), ('text', '"new" + text  # quite', "'newplain'"),
                               ('argument', '[1, 2]', '[1, 2]'), ('rest', '(7,)', '(7,)')):
        answer = set_local(client, frames[0], name, value)
        assert plain(answer['value']) == shown
        shows(client, frames[0], name, shown)
    assert client.locals(frames[0])['argument']['type'] == 'list'
    client.continue_(thread)
    program.wait_line("number 43 text 'newplain' argument [1, 2] rest (7,)")


def test_answer_can_be_opened(stopped):
    program, client, thread, frames = stopped()
    answer = set_local(client, frames[0], 'number', '[5, 6]')
    assert answer['type'] == 'list' and answer['value'] == '[5, 6]'
    assert client.children(answer)['[1]']['value'] == '6'
    assert set_local(client, frames[0], 'number', '7')['variablesReference'] == 0


def test_local_that_has_no_value_yet(stopped):
    program, client, thread, frames = stopped()
    client.request('setExpression', expression='unset_yet', value='9', frameId=frames[0])
    shows(client, frames[0], 'unset_yet', '9')
    assert plain(client.evaluate('unset_yet', frames[2])['result']) == "'of the module'"


def test_local_of_a_caller(stopped):
    program, client, thread, frames = stopped()
    set_local(client, frames[1], 'local', '"set"')
    shows(client, frames[1], 'local', "'set'")
    assert plain(client.locals(frames[0])['text']['value']) == "'plain'"
    client.continue_(thread)
    program.wait_line("local 'set' setting 'global'")


def test_variable_of_a_closure(stopped):
    program, client, thread, frames = stopped()
    set_local(client, frames[0], 'held', "'changed'")
    shows(client, frames[0], 'held', "'changed'")
    client.continue_(thread)
    program.wait_line("held 'changed'")


def test_at_module_level(stopped):
    program, client, thread, frames = stopped()
    set_local(client, frames[2], 'other', 'other + 1')
    shows(client, frames[2], 'other', '2')
    client.continue_(thread)
    program.wait_line('other 2')


def test_global(stopped):
    program, client, thread, frames = stopped()
    reference = client.scope(frames[0], 'Globals')['variablesReference']
    answer = client.request('setVariable', variablesReference=reference, name='setting', value='"set"')
    assert plain(answer['value']) == "'set'"
    client.request('setVariable', variablesReference=reference, name='text', value='"of the module"')
    shows(client, frames[0], 'text', "'plain'")  # a local of that name
    assert plain(client.evaluate('text', frames[2])['result']) == "'of the module'"
    named = {one['name']: one for one in client.variables(reference)}
    assert plain(named['setting']['value']) == "'set'"
    assert plain(client.evaluate(named['text']['evaluateName'], frames[0])['result']) == "'of the module'"
    assert plain(client.evaluate('setting', frames[0])['result']) == "'set'"
    client.continue_(thread)
    program.wait_line("local 'in the middle' setting 'set'")


def test_used_global(stopped):
    program, client, thread, frames = stopped()
    scope = client.scope(frames[0], 'Used globals')
    client.request('setVariable', variablesReference=scope['variablesReference'], name='setting', value='"set"')
    scope = client.scope(frames[0], 'Used globals')
    named = {one['name']: one for one in client.variables(scope['variablesReference'])}
    assert plain(named['setting']['value']) == "'set'"
    client.continue_(thread)
    program.wait_line("local 'in the middle' setting 'set'")


def test_children(stopped):
    program, client, thread, frames = stopped()
    found = client.locals(frames[0])

    def change(parent, name, value):
        return client.request('setVariable', variablesReference=parent['variablesReference'], name=name, value=value)
    assert change(found['items'], '[0]', '"first"')['type'] == 'str'
    inner = client.children(found['items'])['[1]']
    assert change(inner, '[1]', 'number')['value'] == '42'
    assert change(found['mapping'], "['one']", '11')['value'] == '11'
    assert plain(change(found['mapping'], '[<key k>]', '"key"')['value']) == "'key'"
    assert change(found['point'], 'x', '99')['value'] == '99'
    assert plain(client.children(found['mapping'])['[<key k>]']['value']) == "'key'"
    assert client.children(found['point'])['x']['value'] == '99'
    assert '99' in client.evaluate('point.x', frames[0])['result']
    client.continue_(thread)
    program.wait_line("items ['first', [2, 42], 'four'] one 11 key 'key'")
    program.wait_line('point 99 None')


def test_refused_in_words(stopped):
    program, client, thread, frames = stopped()
    found = client.locals(frames[0])

    def refused(parent, name, value):
        return client.refused('setVariable', variablesReference=parent['variablesReference'], name=name, value=value)
    assert 'tuple' in refused(found['pair'], '[0]', '1')
    assert 'assigned' in refused(found['some'], '[0]', '1')
    assert refused(found['point'], 'fixed', '1')
    assert 'no child' in refused(found['items'], '[9]', '1')
    scope = client.scopes(frames[0])[0]
    assert 'no_such_name' in refused(scope, 'number', 'no_such_name')
    assert 'division' in refused(scope, 'number', '1 // 0')
    assert refused(scope, 'number', '1 +')
    assert 'empty' in refused(scope, 'number', ' ')
    assert 'over' in client.refused('setVariable', variablesReference=123456, name='number', value='1')
    shows(client, frames[0], 'number', '42')


def test_expression(stopped):
    program, client, thread, frames = stopped()

    def change(expression, value, frame=frames[0]):
        return client.request('setExpression', expression=expression, value=value, frameId=frame)
    assert change('number', '"n"')['type'] == 'str'
    assert change('items[1][0]  # a comment', 'number')['type'] == 'str'
    assert change('point.kept', '4')['value'] == '8'  # what the setter makes of it
    assert plain(change('local', '"set"', frames[1])['value']) == "'set'"
    assert plain(change('setting', '"set"')['value']) == "'set'"  # a global, and not a new local
    assert plain(client.evaluate('setting', frames[2])['result']) == "'set'"
    assert change('other', '5')['value'] == '5'  # one that this function does not mention
    assert client.evaluate('other', frames[2])['result'] == '5'
    assert client.refused('setExpression', expression='number + 1', value='1', frameId=frames[0])
    assert client.refused('setExpression', expression='', value='1', frameId=frames[0])
    assert 'over' in client.refused('setExpression', expression='number', value='1', frameId=98765)
    client.continue_(thread)
    program.wait_line("number 'n'")
    program.wait_line("items [1, ['n', 3], 'four']")
    program.wait_line('point 1 8')
    program.wait_line("local 'set' setting 'set'")


def test_hexadecimal(stopped):
    program, client, thread, frames = stopped()
    answer = client.request('setExpression', expression='number', value='255', frameId=frames[0], format={'hex': True})
    assert answer['value'] == '0xff'
    assert client.request('evaluate', expression='number', frameId=frames[0], format={'hex': True})['result'] == '0xff'
    reference = client.scopes(frames[0])[0]['variablesReference']
    named = {one['name']: one for one in client.variables(reference, format={'hex': True})}
    assert named['number']['value'] == '0xff' and plain(named['text']['value']) == "'plain'"
    items = named['items']['variablesReference']
    assert [one['value'] for one in client.variables(items, format={'hex': True})][0] == '0x1'
    assert client.request('evaluate', expression='number == 255', frameId=frames[0], format={'hex': True})['result'] == 'True'


def test_invalidated(stopped):
    """For editors that announced it, and only when something may have changed otherwise than by setVariable."""
    program, client, thread, frames = stopped(supportsInvalidatedEvent=True)
    client.evaluate('number == 42', frames[0])
    client.evaluate('number = 1', frames[0], 'watch')
    set_local(client, frames[0], 'number', '2')
    assert client.all_events('invalidated') == []
    for count, text in enumerate(('number = 3', 'items.append(4)', 'del items[0]'), 1):
        client.evaluate(text, frames[0])
        assert client.wait_event('invalidated')['areas'] == ['variables']
    client.request('setExpression', expression='number', value='4', frameId=frames[0])
    assert client.wait_event('invalidated')['areas'] == ['variables']
    assert client.pending('invalidated') == []


def test_not_invalidated_for_others(stopped):
    program, client, thread, frames = stopped()
    client.evaluate('number = 3', frames[0])
    client.request('setExpression', expression='number', value='4', frameId=frames[0])
    client.evaluate('0', frames[0])
    assert client.all_events('invalidated') == []


def test_keys_that_look_alike(stopped):
    """ptvsd cuts each text in a tuple to 30 characters, from its middle."""
    program, client, thread, frames = stopped()
    table = client.evaluate("{('/home/user/project/%s/module_one.py' % n, 12): n for n in 'ab'}", frames[0], 'watch')
    names = list(client.children(table))
    assert len(set(names)) == 2
    set_local(client, frames[0], 'number', "{('/home/user/project/%s/module_one.py' % n, 12): n for n in 'ab'}")
    opened = client.locals(frames[0])['number']['variablesReference']
    client.request('setVariable', variablesReference=opened, name=names[1], value='9')
    assert client.evaluate("[number[key] == 9 for key in sorted(number)]", frames[0])['result'] == (
        '[True, False]' if '/a/' in names[1] else '[False, True]')


def test_children_that_cannot_be_told_apart(stopped):
    program, client, thread, frames = stopped()
    set_local(client, frames[0], 'number', "dict((type('Same', (), {'__repr__': lambda self: 'same'})(), n) for n in (1, 2))")
    opened = client.locals(frames[0])['number']['variablesReference']
    message = client.refused('setVariable', variablesReference=opened, name='[same]', value='9')
    assert 'Several children' in message
    assert client.evaluate('sorted(number.values())', frames[0])['result'] == '[1, 2]'


def test_value_made_by_a_comprehension(stopped):
    program, client, thread, frames = stopped()
    assert set_local(client, frames[0], 'rest', '[number for _ in (1, 2)]')['value'] == '[42, 42]'
    client.request('setExpression', expression='argument', value='sum(number for _ in (1, 2))', frameId=frames[0])
    shows(client, frames[0], 'argument', '84')
