"""No capability without its row in features.py, and no row without its tests."""

import pytest

import features


@pytest.mark.two_pythons  # what ptvsd does here is the same on all
def test_capabilities_are_those_of_the_rows(debuggee, adapter):
    """Those of the initialize answer and of the events in a session that may end the program."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, allowTerminate=True)
    client.wait_event('capabilities')
    said = [client.capabilities] + [body['capabilities'] for body in client.all_events('capabilities')]
    assert set(name for one in said for name, value in one.items() if value is True) == features.flags()
    client.disconnect()


def test_enough_of_them():
    """On attach, and where ending the program is allowed."""
    ending = {'supportsTerminateRequest', 'supportTerminateDebuggee'}
    assert len(features.flags() - ending) >= 23
    assert ending < features.flags()


def test_tests_of_the_rows_exist():
    known = features.known_tests('live')
    assert [test for row in features.ROWS for test in row.tests if 'live/' + test not in known] == []
    for row in features.ROWS:
        assert row.tests or not any(map(features.claimed, row.how.values())), row.name
