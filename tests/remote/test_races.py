"""Races of ptvsd's own, between two threads or two sessions, that the drop guard mends: each is held open here."""

import ast
import os
import time

import pytest

import tools
from tools import guarded, healthy

WORK = tools.line_of('work')


def with_more(guard, *lines):
    """The guard with more behind each line: pairs of the line and what stands after it."""
    for line, more in lines:
        assert guard.count(line) == 1
        guard = guard.replace(line, line + more)
    return guard


@pytest.mark.every_wire
def test_session_begins_behind_a_sweep(pair, start, remote):
    """Who has looked whose session it is, and acts a while later, does so before the next one begins."""
    guard = with_more(remote('drop_guard'),
                      ('ours = ours and (link() is mine or link() is gone)\\x0a', ' sleep(0.015)\\x0a'))
    debuggee = start(pair, 'plain')
    client = debuggee.attach((1, WORK))
    assert client.evaluate(guard) == "'guarded'"
    for _ in range(3):
        client.resume()
        client.wait('hit')
        client.rst()
        healthy(debuggee, remote)
        client = debuggee.attach((1, WORK))


@pytest.mark.every_wire
def test_two_pauses_at_once(pair, start, remote):
    """Two threads that tell of a pause look at each other's stack, each with its own locked."""
    guard = with_more(
        remote('drop_guard'),
        ('def update_all_thread_stacks(stopping=None, *more):\\x0a',
         ' stopping is not None and stopping._is_blocked and sleep(0.2)\\x0a'),
        ('def async_break(thread):\\x0a', ' d.SEND_BREAK_COMPLETE or sleep(0.1)\\x0a'))
    debuggee = start(pair, 'many-plain')
    client = debuggee.attach()
    assert client.evaluate(guard) == "'guarded'"
    client.resume()
    client.break_all()
    client.wait('broke')
    client.break_all()
    time.sleep(0.5)
    client.leave()
    assert debuggee.goes_on()
    healthy(debuggee, remote)


@pytest.mark.every_wire
def test_breakpoints_change_while_a_condition_is_evaluated(pair, start, remote):
    """Without the guard Python 3 raises a RuntimeError in the program: ptvsd's table changes under its loop."""
    debuggee = start(pair, 'plain')
    client = debuggee.attach()
    client.set_breakpoint(200, debuggee.file, WORK, '0')  # the line's table is ptvsd's own
    assert client.evaluate(remote('drop_guard')) == "'guarded'"
    client.resume()
    for number in range(1, 9):
        client.set_breakpoint(number, debuggee.file, WORK, '__import__("time").sleep(0.05)')
        time.sleep(0.12)
        client.set_breakpoint(number + 100, debuggee.file, WORK, '0')
        client.remove_breakpoint(number, debuggee.file, WORK)
        client.remove_breakpoint(number + 100, debuggee.file, WORK)
    assert debuggee.goes_on()
    client.leave()
    healthy(debuggee, remote)


@pytest.mark.every_wire
def test_pause_too_late_for_its_session(pair, start, remote):
    """It would stand unseen in the next one."""
    debuggee = start(pair, 'reading')
    for _ in range(2):
        client = guarded(debuggee, remote)
        client.resume()
        client.break_all()
        time.sleep(0.2)
        client.rst()
    client = debuggee.attach()
    client.resume()
    assert debuggee.goes_on(2)
    client.leave()
    assert debuggee.goes_on(2)


@pytest.mark.every_wire
def test_resume_while_another_thread_is_on_its_way_into_the_stop(pair, start, remote):
    """The resume finds it not stopped yet, and of its stop nobody would be told."""
    debuggee = start(pair, 'straggling')
    client = guarded(debuggee, remote, (1, WORK))
    client.resume()
    debuggee.tell('hit')
    client.wait('hit')
    time.sleep(0.2)
    client.resume()
    assert debuggee.goes_on(2)
    client.break_all()
    client.wait('broke')
    client.resume()
    assert debuggee.goes_on(2)
    client.leave()
    assert debuggee.goes_on(2)


@pytest.mark.every_wire
def test_resume_while_others_are_on_their_way_into_the_attach_stop(pair, start, remote):
    """Only the first of them tells of it; the others would stand unseen."""
    guard = with_more(
        remote('drop_guard'),
        ('def block(thread, tell, *more):\\x0a',
         ' way, late = sys.__dict__.setdefault("way", {}), sys.__dict__.get("told") is link()\\x0a'
         ' way[thread], sys.told = sys.__dict__.get("resumes", 0), link()\\x0a'
         ' late and sleep(0.3)\\x0a'),
        ('](thread, tell_unless_late, *more)\\x0a', ' way.pop(thread)\\x0a'),
        ('resumed = True\\x0a', ' sys.resumes = sys.__dict__.get("resumes", 0) + 1\\x0a'))
    debuggee = start(pair, 'many-plain')
    client = debuggee.attach()
    assert client.evaluate(guard) == "'guarded'"
    client.resume()
    assert debuggee.goes_on()
    client.leave()
    client = debuggee.attach()
    client.resume()
    time.sleep(0.8)
    client.break_all()
    client.wait('broke')
    assert client.evaluate('set(__import__("sys").way.values()) == set([__import__("sys").resumes])') == 'True'
    client.resume()
    assert debuggee.goes_on()
    client.leave()
    assert debuggee.goes_on()


@pytest.mark.every_wire
def test_next_attach_stop_holds_all(pair, start, remote):
    """That all were resumed was in another session."""
    debuggee = start(pair, 'many-plain')
    client = guarded(debuggee, remote)
    client.resume()
    assert debuggee.goes_on()
    client.leave()
    client = debuggee.attach()
    client.settle()
    assert debuggee.stands()
    client.leave()
    assert debuggee.goes_on()


@pytest.mark.every_wire
def test_stop_that_marks_no_other_holds(pair, start, remote):
    """At an exception one thread stops alone, and behind it nothing but a resume has been."""
    debuggee = start(pair, 'raising')
    client = guarded(debuggee, remote)
    client.set_exceptions(1)
    for _ in range(2):
        client.resume()
        client.wait('exception')
        assert debuggee.stands()
    client.leave()
    assert debuggee.goes_on()


@pytest.mark.every_wire
@pytest.mark.only(lambda release, python: release >= '3.2')
def test_answer_too_late_for_its_session(pair, start, remote):
    """Two questions, of which the command thread reads the second when its session is long over: that its answer
    cannot be sent is not the next session's loss."""
    debuggee = start(pair, 'printing')  # by that the loss is noticed meanwhile
    client = guarded(debuggee, remote)
    client.resume()
    send, both = client.send, []
    client.send = both.append
    client.ask('__import__("time").sleep(1)', module='ptvsd')
    client.ask('1', module='ptvsd')
    send(b''.join(both))
    time.sleep(0.1)
    client.rst()
    client = debuggee.attach()
    client.resume()
    time.sleep(1.2)
    client.ask('1 + 1', module='ptvsd')
    while client.wait('result')[2] != '2':
        pass  # a late one: they go to the newest session
    client.leave()
    assert debuggee.goes_on()


@pytest.mark.every_wire
@pytest.mark.only(lambda release, python: python != '2.7')
def test_import_during_an_attach(pair, start, remote):
    """ptvsd's walk through the modules then ends with a RuntimeError, in the thread that accepts."""
    debuggee = start(pair, 'importing')
    guarded(debuggee, remote).leave()
    assert debuggee.goes_on()  # it has what imports by now
    debuggee.tell('import')
    for _ in range(3):
        client = debuggee.connect()
        with pytest.raises(AssertionError, match='closed|reset|reading'):
            client.wait('the end')  # a thread may come to the attach stop before
        assert debuggee.goes_on()
    os.remove(os.path.join(debuggee.directory, 'import'))
    healthy(debuggee, remote)


@pytest.mark.every_wire
def test_breakpoint_set_in_the_middle_of_the_install(pair, start, remote):
    """When commands are the guard's already: else an edit finds one of its two entries (up to 2.1.0)."""
    guard = with_more(remote('drop_guard'), ('adopt(d.DebuggerLoop.instance)\\x0a', ' sleep(0.3)\\x0a'))
    debuggee = start(pair, 'plain')
    client = debuggee.attach()
    client.ask(guard)
    time.sleep(0.1)
    client.set_breakpoint(1, debuggee.file, WORK)
    client.wait('result')
    module = "__import__('sys').modules['%s']" % tools.debugger_module(pair[0])
    assert client.evaluate('type(%s.BREAKPOINTS[%d]).__name__' % (module, WORK)) == "'Points'"
    client.resume()
    client.wait('hit')
    client.leave()
    healthy(debuggee, remote)


@pytest.mark.every_wire
def test_breakpoints_set_during_the_install(pair, start, remote, monkeypatch):
    """None of them is lost."""
    debuggee, messages = start(pair, 'plain'), []
    guard = with_more(remote('drop_guard'), ('class Lines(dict):\\x0a', ' sleep(0.3)\\x0a'))
    client = debuggee.attach()
    with monkeypatch.context() as patch:
        patch.setattr(client, 'send', messages.append)
        patch.setattr(client, 'wait', lambda *kinds: None)
        client.ask(guard)
        for number in range(1, 11):
            client.set_breakpoint(number, debuggee.file, WORK, 'doubled == %d' % number)
    for message in messages:
        client.send(message)
        time.sleep(0.02)
    client.wait('result')
    client.set_breakpoint(11, debuggee.file, WORK)
    count = "len(__import__('sys').modules['%s'].BREAKPOINTS[%d])" % (tools.debugger_module(pair[0]), WORK)
    assert client.evaluate(count) == '11'
    client.leave()
    healthy(debuggee, remote)


def test_breakpoints_of_a_line_bound_by_two_threads_at_once():
    """What the one has collected is older than what the other has put into use, and comes behind it."""
    with open(os.path.join(tools.REMOTE, 'drop_guard.py')) as source:
        tree = ast.parse(source.read())
    tree.body = [node for node in tree.body if getattr(node, 'name', None) == 'Points']
    names, behind = {}, [('b.py', 2)]

    def collected(items):
        found = tuple(items)
        if points and behind:
            points[behind.pop()] = 'y'
        return found

    exec(compile(tree, 'drop_guard.py', 'exec'), names)
    points = names['Points']()
    names['tuple'] = collected
    points['a.py', 1] = 'x'
    assert sorted(points.items()) == [(('a.py', 1), 'x'), (('b.py', 2), 'y')]
