"""The drop guard on real servers: whatever becomes of the client, the program goes on within a second,
costs nothing, and can be attached to and stopped again."""

import os
import time

import pytest

import tools
from tools import guarded, healthy

WORK, RAISE = tools.line_of('work'), tools.line_of('raise')


def drop(client, how):
    client.rst() if how == 'rst' else client.fin()


@pytest.mark.every_wire
def test_drop_at_a_breakpoint(pair, start, remote, rounds):
    debuggee = start(pair, 'plain')
    guarded(debuggee, remote).leave()
    for turn in range(rounds(3)):
        how = ('fin', 'rst', 'kill')[turn % 3]
        if how == 'kill':
            tools.kill_at_stop(debuggee, WORK)
        else:
            client = guarded(debuggee, remote, (1, WORK))
            client.resume()
            client.wait('hit')
            assert debuggee.stands(0.1)
            drop(client, how)
        assert debuggee.goes_on(), how + debuggee.said()
    healthy(debuggee, remote)


@pytest.mark.parametrize('how', ['fin', 'rst'])
def test_drop_before_the_next_command(pair, how, start, remote):
    """The thread that reads commands is still inside ptvsd's own functions."""
    debuggee = start(pair, 'plain')
    client = guarded(debuggee, remote)
    drop(client, how)
    healthy(debuggee, remote)


def test_drop_inside_a_command(pair, start, remote):
    debuggee = start(pair, 'plain')
    for share in (0.02, 0.3, 0.9):
        for how in ('fin', 'rst'):
            client = guarded(debuggee, remote, (1, WORK))
            client.resume()
            client.wait('hit')
            send, sent = client.send, []
            client.send = sent.append
            client.ask("'%s'" % ('x' * 200))
            send(sent[0][:int(len(sent[0]) * share)])
            time.sleep(0.02)
            drop(client, how)
            assert debuggee.goes_on(), debuggee.said()
            assert debuggee.load() <= 0.08
    healthy(debuggee, remote)


@pytest.mark.parametrize('kind', ['plain', 'many-plain'])
def test_drop_right_behind_a_resume(pair, kind, start, remote, rounds):
    """Within a millisecond the released threads have not run yet."""
    debuggee = start(pair, kind)
    for turn in range(rounds(4)):
        client = guarded(debuggee, remote, (turn, WORK))
        client.settle(0.05)
        client.resume()
        client.wait('hit')
        client.settle(0.05)
        client.resume()
        time.sleep((0, 0, 0.0003, 0.001)[turn % 4])
        drop(client, ('fin', 'rst')[turn // 2 % 2])
        assert debuggee.goes_on(), debuggee.said()
    healthy(debuggee, remote)


def test_drop_with_four_threads_stopped(pair, start, remote, rounds):
    debuggee = start(pair, 'many-plain', 'wait')
    for turn in range(rounds(3)):
        client = debuggee.attach((turn, WORK))
        if pair[0] != '2.0.0' or turn:
            client.evaluate(remote('drop_guard'))
        client.settle()
        client.resume()
        client.wait('hit')
        client.settle()
        client.evaluate(remote('drop_guard'))
        assert debuggee.stands(0.1)
        drop(client, ('fin', 'rst')[turn % 2])
        assert debuggee.goes_on(), debuggee.said()
    healthy(debuggee, remote)


@pytest.mark.parametrize('kind', ['raising', 'many-raising'])
def test_drop_with_unanswered_handler_questions(pair, kind, start, remote, rounds):
    debuggee = start(pair, kind)
    for turn in range(rounds(2)):
        client = guarded(debuggee, remote)
        client.settle()
        client.answers_handlers = False
        client.set_exceptions(32)
        client.resume()
        client.wait('wants')
        client.settle(0.15)
        assert debuggee.stands(0.1)
        drop(client, ('fin', 'rst')[turn % 2])
        assert debuggee.goes_on(), debuggee.said()
    healthy(debuggee, remote, line=RAISE)


def test_detach_with_unanswered_handler_questions(pair, start, remote):
    debuggee = start(pair, 'many-raising')
    client = guarded(debuggee, remote)
    client.settle()
    client.answers_handlers = False
    client.set_exceptions(32)
    client.resume()
    client.wait('wants')
    client.leave()
    healthy(debuggee, remote, line=RAISE)


def test_answers_to_handler_questions_arrive(pair, start, remote):
    """The lock that replaces ptvsd's still waits for the answer; one too many does no harm."""
    debuggee = start(pair, 'many-raising')
    client = guarded(debuggee, remote)
    client.settle()
    client.set_exceptions(32)
    client.resume()
    file = client.wait('wants')[2]
    client.answer_handlers(file)
    assert debuggee.goes_on()
    assert client.count('exception', 0.5) == 0  # all of them are handled
    client.leave()
    healthy(debuggee, remote, line=RAISE)


def test_drop_at_an_exception(pair, start, remote):
    debuggee = start(pair, 'raising')
    client = guarded(debuggee, remote)
    client.set_exceptions(1)
    client.resume()
    client.wait('exception')
    client.fin()
    healthy(debuggee, remote, line=RAISE)


def test_drop_during_an_evaluation(pair, start, remote, rounds):
    debuggee = start(pair, 'plain')
    for turn in range(rounds(2)):
        client = guarded(debuggee, remote, (turn, WORK))
        client.resume()
        client.wait('hit')
        client.ask("__import__('time').sleep(0.3)")
        time.sleep(0.1)
        drop(client, ('fin', 'rst')[turn % 2])
        time.sleep(0.3)
        assert debuggee.goes_on(), debuggee.said()
    healthy(debuggee, remote)


def test_attach_during_an_evaluation_of_a_lost_session(pair, start, remote):
    """Its thread must not wait in the new session, where nobody knows that it stands."""
    debuggee = start(pair, 'plain')
    client = guarded(debuggee, remote, (1, WORK))
    client.resume()
    client.wait('hit')
    client.ask("__import__('time').sleep(1.5)")
    time.sleep(0.1)
    client.fin()
    time.sleep(0.3)
    client = debuggee.connect()
    client.set_exceptions(0)
    client.wait('load')
    client.resume()
    assert debuggee.goes_on(2)
    client.leave()
    healthy(debuggee, remote)


def test_drop_while_running(pair, start, remote, rounds):
    debuggee = start(pair, 'plain')
    for turn in range(rounds(2)):
        client = guarded(debuggee, remote)
        client.resume()
        assert debuggee.goes_on()
        drop(client, ('fin', 'rst')[turn % 2])
        assert debuggee.goes_on()
    healthy(debuggee, remote)


def test_drop_with_a_step_pending(pair, start, remote):
    debuggee = start(pair, 'plain')
    client = guarded(debuggee, remote, (1, WORK))
    client.resume()
    client.step(client.wait('hit')[1])
    client.fin()
    healthy(debuggee, remote)


def test_old_connection_closes_after_a_new_attach(pair, start, remote):
    debuggee = start(pair, 'plain')
    first = guarded(debuggee, remote)
    first.detach()
    first.wait('detached')
    second = guarded(debuggee, remote, (2, WORK))
    second.resume()
    second.wait('hit')
    first.fin()
    time.sleep(0.1)
    assert debuggee.stands()
    assert second.evaluate('1 + 1') == '2'
    second.resume()
    second.wait('hit')
    second.fin()  # and the guard still looks after the second
    healthy(debuggee, remote)


def test_drop_during_an_attach(pair, start, remote, rounds):
    """ptvsd declares the process attached at the end of an attach, also when nobody is there any more."""
    debuggee = start(pair, 'plain')
    guarded(debuggee, remote).leave()
    for turn in range(rounds(10)):
        client = debuggee.connect()
        time.sleep((0, 0.001, 0.003, 0.01, 0.03)[turn % 5])
        drop(client, ('fin', 'rst')[turn % 2])
        assert debuggee.goes_on(), debuggee.said()
    healthy(debuggee, remote)


@pytest.mark.every_wire
def test_detach_during_an_attach(pair, start, remote, rounds):
    """At the end of an attach ptvsd declares the process attached, also when that session is over already."""
    debuggee = start(pair, 'plain')
    guarded(debuggee, remote).leave()
    for turn in range(rounds(10)):
        client = debuggee.connect()
        time.sleep((0, 0.0005, 0.001, 0.002, 0.003)[turn % 5])
        client.detach()
        assert debuggee.goes_on(), debuggee.said()
        time.sleep(0.3)
        client.fin()
    healthy(debuggee, remote)


def test_drop_during_a_detach(pair, start, remote, rounds):
    debuggee = start(pair, 'many-plain')
    for turn in range(rounds(4)):
        client = guarded(debuggee, remote, (turn, WORK))
        client.settle(0.05)
        client.resume()
        client.wait('hit')
        client.settle(0.05)
        client.detach()
        time.sleep((0, 0.0005, 0.002, 0.01)[turn % 4])
        drop(client, ('fin', 'rst')[turn // 2 % 2])
        assert debuggee.goes_on(), debuggee.said()
    healthy(debuggee, remote)


@pytest.mark.parametrize('kind', ['plain', 'many-plain'])
def test_detach_right_behind_a_resume(pair, kind, start, remote, rounds):
    """By itself, ptvsd's detach breaks off at a thread that was released a moment ago."""
    debuggee = start(pair, kind)
    for turn in range(rounds(4)):
        client = guarded(debuggee, remote, (turn, WORK))
        client.settle(0.05)
        client.resume()
        client.wait('hit')
        client.settle(0.05)
        client.resume()
        client.leave()
        assert debuggee.goes_on(), debuggee.said()
    healthy(debuggee, remote)


def test_attach_right_behind_a_detach(pair, start, remote, rounds):
    """The thread that evaluated has not come back to its wait yet, and must not do so."""
    debuggee = start(pair, 'plain')
    for _ in range(rounds(6)):
        first = guarded(debuggee, remote)
        first.detach()
        first.wait('detached')
        second = guarded(debuggee, remote)
        first.rst()
        second.leave()
    healthy(debuggee, remote)


def test_commands_that_end_the_loop(pair, start, remote):
    """A second resume does no harm; a step of a running thread ends the session, not the program."""
    debuggee = start(pair, 'plain')
    client = guarded(debuggee, remote, (1, WORK))
    client.resume()
    client.wait('hit')
    client.remove_breakpoint(1, debuggee.file, WORK)
    client.resume()
    client.resume()
    client.resume()
    assert debuggee.goes_on()
    client.step(client.thread)
    with pytest.raises(AssertionError, match='closed by the server|reset'):
        client.wait('never')
    healthy(debuggee, remote)


def test_strangers_at_the_port(pair, start, remote):
    """Port probes and browsers neither spin nor end the thread that accepts."""
    debuggee = start(pair, 'plain')
    guarded(debuggee, remote).leave()
    for words in (b'', b'GET / HTTP/1.1\r\nHost: here\r\n\r\n', b'PTVSDBG', b'\xff' * 64,
                  b'Content-Length: 5\r\n\r\n{"a":'):
        tools.probe(debuggee.port, words)
    healthy(debuggee, remote)


@pytest.mark.only(lambda release, python: release >= '3.2')
@pytest.mark.parametrize('module', ['ptvsd', 'ptvsd.debugger', 'sys'])
def test_install_while_running(pair, module, start, remote):
    debuggee = start(pair, 'plain')
    client = debuggee.attach()
    client.resume()
    assert debuggee.goes_on()
    assert client.evaluate(remote('drop_guard'), module=module) == "'guarded'"
    assert client.evaluate(remote('drop_guard'), module=module) == "'again'"
    client.set_breakpoint(1, debuggee.file, WORK)
    client.wait('hit')
    client.rst()
    healthy(debuggee, remote)


@pytest.mark.only(lambda release, python: release != '2.0.0')
def test_install_inside_wait_for_attach(pair, start, remote):
    """The attach stop is inside threading.py."""
    debuggee = start(pair, 'plain', 'wait')
    client = debuggee.connect()
    client.set_exceptions(0)
    frames = client.wait('frames')[2]
    client.wait('load')
    assert frames and frames[0][1].endswith('threading.py')
    assert client.evaluate(remote('drop_guard')) == "'guarded'"
    client.set_breakpoint(1, debuggee.file, WORK)
    client.resume()
    client.wait('hit')
    client.fin()
    healthy(debuggee, remote)


def test_install_where_builtins_are_hidden(pair, start, remote):
    debuggee = start(pair, 'hiding')
    assert debuggee.goes_on(5)
    client = debuggee.attach()
    assert client.evaluate(remote('drop_guard')) == "'guarded'"
    client.fin()
    assert debuggee.goes_on()


@pytest.mark.only(lambda release, python: release >= '3.1' and python == '2.7')
def test_text_that_cannot_be_encoded(pair, start, remote):
    """Without the guard ptvsd detaches, and tells nobody (Python 2)."""
    debuggee = start(pair, 'plain')
    client = guarded(debuggee, remote, (1, WORK))
    client.resume()
    client.wait('hit')
    client.ask(r"__import__('sys').stdout.write('\xff\xfe')")
    client.wait('result')
    client.resume()
    client.wait('hit')
    client.fin()
    healthy(debuggee, remote)


def test_sockets_and_threads_do_not_pile_up(pair, start, remote, rounds):
    debuggee = start(pair, 'plain')
    before = debuggee.thread_count()
    files = len(os.listdir('/proc/%d/fd' % debuggee.process.pid))
    for turn in range(rounds(4)):
        client = guarded(debuggee, remote, (turn, WORK))
        client.resume()
        client.wait('hit')
        drop(client, ('fin', 'rst')[turn % 2])
    assert debuggee.goes_on()
    time.sleep(2.3)  # the guard's own helpers end after two seconds
    assert debuggee.thread_count() <= before
    assert len(os.listdir('/proc/%d/fd' % debuggee.process.pid)) <= files + 1
    healthy(debuggee, remote)


def test_the_guard_is_not_seen(pair, start, remote, rounds):
    """Its functions run under the trace function of the program's threads, which must not stop there."""
    debuggee = start(pair, 'chatting')
    client = guarded(debuggee, remote)
    client.resume()
    for turn in range(rounds(10)):
        time.sleep(0.01 + 0.001 * turn)
        client.break_all()
        client.wait('broke')
        client.ask('0')
        frames = client.wait('frames')[2]
        assert frames and not any('bridge' in file for _, file, _ in frames)
        client.wait('result')
        client.step(client.thread)
        frames = client.wait('frames')[2]
        assert frames and not any('bridge' in file for _, file, _ in frames)
        client.wait('step')
        client.resume()
    client.leave()
    assert debuggee.goes_on()


def test_keepalive_is_set(pair, start, remote):
    debuggee = start(pair, 'plain')
    client = debuggee.attach()
    client.evaluate(remote('drop_guard', "'dead_after': 45"))
    options = ("(lambda d, s: [getattr(d.conn if hasattr(d, 'conn') else"
               " d.DebuggerLoop.instance._SocketIO__socket, 'getsockopt')(*o) for o in"
               " ((s.SOL_SOCKET, s.SO_KEEPALIVE), (6, s.TCP_KEEPIDLE), (6, s.TCP_KEEPINTVL),"
               " (6, s.TCP_KEEPCNT), (6, 18))])(__import__('sys').modules.get('ptvsd.debugger') or"
               " __import__('sys').modules['ptvsd.visualstudio_py_debugger'], __import__('socket'))")
    assert client.evaluate(options) == '[1, 15, 5, 6, 45000]'
    client.leave()


@pytest.mark.every_wire
def test_no_thread_begins_at_exit(pair, start, remote):
    """ptvsd detaches at exit. A thread that began there could find an interpreter half gone, and abort it."""
    debuggee = start(pair, 'ending')
    guarded(debuggee, remote).leave()
    assert debuggee.goes_on()
    time.sleep(2.5)  # what sweeps behind the session has ended
    open(os.path.join(debuggee.directory, 'end'), 'w').close()
    assert debuggee.process.wait(10) == 0
    with open(os.path.join(debuggee.directory, 'threads')) as notes:
        counts = dict(line.split() for line in notes)
    assert int(counts['after']) <= int(counts['before']), counts
