"""Large containers: by pages, by groups, and lazily."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def stopped(looking):
    """(client, top frame id)"""
    def start(**announced):
        _, client, thread = looking(**announced)
        return client, client.top(thread)['id']
    return start


def names(variables):
    return [one['name'] for one in variables]


def test_pages(stopped):
    client, frame = stopped(supportsVariablePaging=True)
    found = client.locals(frame)
    big, table, wide = (found[name]['variablesReference'] for name in ('big', 'table', 'wide'))
    page = client.variables(big, filter='indexed', start=500000, count=100)
    assert names(page) == ['[%d]' % i for i in range(500000, 500100)]
    assert [one['value'] for one in page] == [str(i) for i in range(500000, 500100)]
    assert client.evaluate(page[7]['evaluateName'], frame, 'watch')['result'] == '500007'
    assert client.variables(big, filter='indexed', start=999999, count=100)[0]['value'] == '999999'
    assert client.variables(big, filter='indexed', start=10 ** 6, count=100) == []
    assert client.variables(big, filter='named') == []
    assert names(client.variables(big, start=3, count=2)) == ['[3]', '[4]']
    page = client.variables(table, filter='indexed', start=9990, count=100)
    assert len(page) == 10
    for one in page:
        assert client.evaluate(one['evaluateName'], frame, 'watch')['result'] == one['value']
    assert len(client.variables(table, filter='indexed')) == 10 ** 4
    page = client.variables(wide, filter='indexed', start=699, count=5)
    assert len(page) == 1
    assert client.evaluate(page[0]['evaluateName'], frame, 'watch')['result'] == page[0]['value']


def test_named_and_indexed(stopped):
    client, frame = stopped(supportsVariablePaging=True)
    point = client.locals(frame)['point']['variablesReference']
    whole = names(client.variables(point))
    assert 'x' in whole and 'move' not in whole and 'fixed' in whole
    assert names(client.variables(point, filter='named')) == whole
    assert client.variables(point, filter='indexed', start=0, count=100) == []
    assert names(client.variables(point, start=1, count=2)) == whole[1:3]
    scope = client.scopes(frame)[0]['variablesReference']
    whole = names(client.variables(scope))
    assert names(client.variables(scope, filter='named')) == whole
    assert names(client.variables(scope, start=2, count=2)) == whole[2:4]
    assert client.variables(scope, filter='indexed', start=0, count=100) == []


def test_indexed_without_a_count(stopped):
    """Theia asks so for the children of whatever has not told how many it has."""
    client, frame = stopped()
    scope = client.scopes(frame)[0]['variablesReference']
    found = client.locals(frame)
    for reference in [scope] + [found[name]['variablesReference'] for name in ('point', 'wide', 'nested')]:
        assert names(client.variables(reference, filter='indexed', start=0)) == names(client.variables(reference)) != []


def test_counts(stopped, pair):
    """Where the wire tells the length with a value; inside of values, always."""
    client, frame = stopped(supportsVariablePaging=True)
    found = client.locals(frame)
    if pair.wire > 2:
        assert found['big']['indexedVariables'] == 10 ** 6
        assert found['table']['indexedVariables'] == 10 ** 4
    inner = client.children(found['nested'])
    assert [one['indexedVariables'] for one in inner.values()] == [250, 101]
    assert 'indexedVariables' not in found['point'] and 'indexedVariables' not in found['text']


@pytest.mark.one_pair
@pytest.mark.parametrize('client_id', ['lsp4e.debug', 'vscode', 'live'])
def test_editors_that_page_badly(stopped, client_id):
    """Eclipse never asks for a page, dap-mode, which takes VS Code's name, never for the last item."""
    client, frame = stopped(clientID=client_id, supportsVariablePaging=True)
    found = client.locals(frame)
    assert ('indexedVariables' in client.children(found['nested'])['[0]']) == (client_id == 'live')
    if client_id != 'live':
        assert len(client.children(found['big'])) == 100


@pytest.mark.one_pair
def test_vscode_pages(stopped):
    client, frame = stopped(clientID='vscode', supportsVariablePaging=True, supportsInvalidatedEvent=True,
                            supportsProgressReporting=True)
    assert client.children(client.locals(frame)['nested'])['[0]']['indexedVariables'] == 250


def test_groups(stopped):
    client, frame = stopped()
    found = client.locals(frame)
    assert 'indexedVariables' not in found['big']
    top = client.children(found['big'])
    assert names(top.values())[:2] == ['[0 \u2026 9999]', '[10000 \u2026 19999]'] and len(top) == 100
    inner = client.children(top['[10000 \u2026 19999]'])
    assert len(inner) == 100
    leaf = client.children(inner['[10100 \u2026 10199]'])
    assert names(leaf.values()) == ['[%d]' % i for i in range(10100, 10200)]
    assert leaf['[10150]']['value'] == '10150'
    keys = client.children(client.children(found['table'])['[9900 \u2026 9999]'])
    assert len(keys) == 100 and keys['[9950]']['evaluateName'] == 'table[9950]'
    assert len(client.children(found['wide'])) == 7
    assert len(client.children(client.children(found['nested'])['[0]'])) == 250  # not large
    answer = client.request('setVariable', name='[10150]', value='7',
                            variablesReference=inner['[10100 \u2026 10199]']['variablesReference'])
    assert answer['value'] == '7' and client.evaluate('big[10150]', frame)['result'] == '7'


def test_an_iterator_is_left_alone(stopped):
    client, frame = stopped()
    generator = client.locals(frame)['generator']
    view = client.children(generator)['Results View']
    assert 'run the iterator' in view['value']
    assert client.evaluate('next(generator)', frame)['result'] == '1'
    (result,) = client.variables(view['variablesReference'])
    assert names(client.variables(result['variablesReference'])) == ['[0]']


def test_what_is_gone_meanwhile(stopped):
    client, frame = stopped()
    slots = client.children(client.locals(frame)['point'])['slots']['variablesReference']
    client.evaluate('del point.slots', frame)
    assert 'slots' in client.refused('variables', variablesReference=slots)


def test_long_values_in_a_long_list(stopped):
    """Each in full if they are few; cut, not refused, if they are many."""
    client, frame = stopped(supportsVariablePaging=True)
    few = client.evaluate('["a" * 60000] * 100', frame, 'watch')['variablesReference']
    assert {len(one['value']) for one in client.variables(few)} == {60002}
    many = client.evaluate('["a" * 60000] * 5000', frame, 'watch')['variablesReference']
    values = [one['value'] for one in client.variables(many)]
    assert len(values) == 5000 and values[4999] == "'" + 'a' * 1599 + '...'
    keys = client.evaluate('dict([("k" * 2000, 1)])', frame, 'watch')['variablesReference']
    (one,) = client.variables(keys)
    assert one['name'].endswith('...]') and client.evaluate(one['evaluateName'], frame)['result'] == '1'
    assert client.request('setVariable', variablesReference=keys, name=one['name'], value='2')
