"""The judge itself: it catches each wrecking command in a made-up conversation, and nothing in a good one."""

import socket

import pytest

import recording_proxy
import wire_reader
import wires
import wreckers
from wire_reader import Message

ONE, TWO = 101, 102


def at(message, seconds):
    message.at = seconds
    return message


def told(name, thread=None, **fields):
    return Message('<', name, dict(fields, thread=thread) if thread else fields)


def does(name, **fields):
    return Message('>', name, fields)


def frames(thread, count=3, name='MainThread'):
    return told('frames', thread, count=count, thread_name=name)


ATTACHED = [told('greeting'), does('authenticate', version=6), told('let_in', accepted=True),
            does('attach', options=''), told('attached', accepted=True), told('started', ONE), told('started', TWO)]
LOADED = ATTACHED + [frames(ONE), told('loaded', ONE)]
RUNNING = LOADED + [does('resume')]
STOPPED = RUNNING + [does('set_breakpoint', id=5, line=7), at(frames(ONE), 1), at(told('hit', ONE, id=5), 1)]
LEFT = [does('detach'), told('detached')]


def execute(thread=ONE, token=1, frame=0, **more):
    return does('execute', thread=thread, token=token, frame=frame, text='x', **more)


def request(tag, arguments, **more):
    return dict({'type': 'request', 'seq': 1, 'command': tag, 'arguments': arguments}, **more)


def whole(message):
    """As a JSON server is told it."""
    message.fields.setdefault('raw', request('bye', {}, seq=3))
    return message


# the rule, the version, what went before, the command that breaks it
WRECKED = [
    ('a_resume_needs_a_stop', 6, ATTACHED, does('resume')),                       # before the attach stop
    ('a_resume_needs_a_stop', 6, RUNNING, at(does('resume'), 1)),                 # twice for one stop
    ('a_resume_needs_a_stop', 2, STOPPED + [at(does('step', thread=ONE), 2)], at(does('resume'), 3)),
    ('a_step_needs_its_thread_stopped', 6, STOPPED, at(does('step', thread=TWO), 2)),
    ('a_step_needs_its_thread_stopped', 6, STOPPED, at(does('step', thread=999), 2)),
    ('a_step_needs_its_thread_stopped', 6, STOPPED + [told('ended', ONE), frames(TWO)], at(does('step', thread=ONE), 2)),
    ('a_step_needs_its_thread_stopped', 6, STOPPED + [execute(), told('failed', token=1, text=wreckers.RUNS)],
     at(does('step', thread=ONE), 2)),
    ('released_threads_need_time_to_wake', 4, STOPPED + [at(does('resume'), 2), at(told('broke', TWO), 2.001)],
     at(does('resume'), 2.002)),
    ('a_thread_resumed_alone_stands', 6, STOPPED, does('resume_thread', thread=TWO)),
    ('a_thread_resumed_alone_stands', 8, STOPPED + [does('resume_thread', thread=ONE)], does('resume_thread', thread=ONE)),
    ('a_thread_resumed_alone_stands', 6, STOPPED + [execute()], does('resume_thread', thread=ONE)),
    ('nothing_is_resumed_by_itself', 6, STOPPED, does('auto_resume', thread=ONE)),
    ('one_question_at_a_time', 6, STOPPED + [execute()], execute(token=2)),
    ('one_question_at_a_time', 6, STOPPED + [execute()], does('children', thread=ONE, token=2, frame=0)),
    ('one_question_at_a_time', 8, RUNNING + [execute(module='os')], execute(token=2, module='os')),
    ('questions_need_a_stopped_thread', 6, RUNNING, execute()),
    ('questions_need_a_stopped_thread', 6, STOPPED + [frames(TWO, 3, None)], execute(TWO, frame=2)),
    ('questions_need_a_stopped_thread', 7, RUNNING, execute(module='os')),
    ('questions_need_a_stopped_thread', 6, STOPPED + [execute(), at(does('resume'), 2), told('result', token=1)],
     execute(token=2)),
    ('frames_are_within_the_stack', 6, STOPPED, execute(frame=3)),
    ('frames_are_within_the_stack', 6, STOPPED, execute(frame=-1)),
    ('commands_are_known_to_the_version', 6, STOPPED, does('unknown', tag=b'what')),
    ('commands_are_known_to_the_version', 8, STOPPED, does('unknown', tag='bye')),
    ('commands_are_known_to_the_version', 8, STOPPED + LEFT + [does('unknown')], does('unknown', tag='bye')),
    ('stacks_are_not_asked_for', 6, STOPPED, does('get_frames', thread=ONE)),
    ('lines_are_not_set', 6, STOPPED, does('set_line', thread=ONE, line=9)),
    ('no_side_channel', 7, STOPPED, does('connect_repl')),
    ('no_last_ack_without_last', 6, STOPPED, does('last_ack')),
    ('requests_are_whole', 8, STOPPED, does('detach', raw=request('legacyDetach', None))),
    ('requests_are_whole', 8, STOPPED, does('detach', raw=request('legacyDetach', {}, type='event'))),
    ('requests_are_whole', 8, STOPPED, does('resume', raw=request('legacyResumeAll', {}, seq=None))),
    ('requests_are_whole', 7, STOPPED, does('clear_step', tag='legacyClearStepping',
                                            raw=request('legacyClearStepping', {}))),
    ('requests_are_whole', 8, STOPPED, does('execute', tag='legacyExecuteText', thread=ONE, frame=0, token=1,
                                            raw=request('legacyExecuteText', dict.fromkeys(
                                                'text threadId frameId executionId frameKind reprKind'.split(), 0)))),
    ('every_zeroth_hit_divides_by_zero', 6, STOPPED, does('set_breakpoint', id=9, pass_kind=1, pass_count=0)),
    ('every_zeroth_hit_divides_by_zero', 6, STOPPED, does('pass_count', id=5, pass_kind=1, pass_count=0)),
    ('breakpoint_ids_are_used_once', 6, STOPPED, does('set_breakpoint', id=5, line=8)),
    ('breakpoint_ids_are_known', 6, STOPPED, does('remove_breakpoint', id=6, line=7)),
    ('breakpoint_ids_are_known', 6, STOPPED, does('condition', id=6)),
    ('breakpoints_are_removed_from_their_line', 6, STOPPED, does('remove_breakpoint', id=5, line=5)),
    ('django_breakpoints_are_not_removed', 6, STOPPED, does('remove_django', id=5, line=5)),
    ('handlers_are_told_once_for_each_request', 6, STOPPED, does('handlers', file='a.py')),
    ('handlers_are_told_once_for_each_request', 6,
     STOPPED + [told('wants_handlers', file='a.py'), does('handlers', file='a.py')], does('handlers', file='a.py')),
    ('handlers_are_told_before_leaving', 6, STOPPED + [told('wants_handlers', file='a.py')], at(does('detach'), 2)),
    ('the_version_is_repeated', 6, [told('greeting')], does('authenticate', version=4)),
    ('nothing_behind_the_attach', 8, ATTACHED[:4], does('exceptions')),
    ('the_program_does_not_wait_for_a_key', 6, ATTACHED[:3], does('attach', options='RedirectOutput,WaitOnNormalExit')),
    ('nothing_behind_the_detach', 6, STOPPED + [does('detach')], at(does('resume'), 2)),
    ('no_fin_in_the_handshake', 6, ATTACHED[:1], does('closed', how='FIN')),
    ('no_fin_in_the_handshake', 8, ATTACHED[:4], does('closed', how='FIN')),
    ('no_close_without_a_detach', 6, STOPPED, does('closed', how='FIN')),
    ('no_close_without_a_detach', 6, STOPPED, does('closed', how='RST')),
    ('no_fin_while_a_json_server_listens', 8, STOPPED + LEFT, does('closed', how='FIN')),
]


def faults(version, messages):
    messages = [does('authenticate', version=version) if one is ATTACHED[1] else one for one in messages]
    return [one.split(' ')[0] for one in wreckers.judge_messages(version, map(whole, messages))]


@pytest.mark.parametrize('rule, version, before, command', WRECKED, ids=['%d-%s' % (number, one[0])
                                                                        for number, one in enumerate(WRECKED)])
def test_catches(rule, version, before, command):
    assert faults(version, before) == [], 'what went before is good'
    assert rule in faults(version, before + [command])


def test_each_rule_is_proved():
    assert {one[0] for one in WRECKED} == {one.__name__ for one in wreckers.RULES}
    assert all(one.source for one in wreckers.RULES)


GOOD = [
    (6, LOADED + [does('resume'), at(does('detach'), 1), told('detached'), does('closed', how='FIN')]),
    (6, STOPPED + [execute(), frames(ONE), told('result', token=1), execute(token=2)]),     # one after the other
    (6, STOPPED + [frames(TWO, 3, None), execute(), execute(TWO, token=2)]),                # is it stopped?
    (6, STOPPED + [frames(TWO, 3, None), execute(TWO), frames(TWO), told('result', token=1), execute(TWO, 2, 2)]),
    (6, STOPPED + [frames(TWO), at(does('step', thread=TWO), 2)]),                          # stopped with the other
    (6, RUNNING + [at(frames(TWO), 1), at(does('resume'), 1.3)]),                           # stopped for nobody
    (6, STOPPED + [execute(), at(does('resume'), 2), at(told('broke', ONE), 3), execute(token=2)]),
    (6, STOPPED + [does('remove_breakpoint', id=5, line=7)] * 2),
    (6, STOPPED + [told('hit', TWO, id=77), does('remove_breakpoint', id=77, line=1)]),     # a ghost
    (6, STOPPED + [at(does('resume'), 2), at(told('broke', ONE), 2.001), at(does('resume'), 2.002)]),
    (6, [told('greeting'), does('closed', how='RST')]),
    (6, ATTACHED[:4] + [told('attached', accepted=False), does('closed', how='FIN')]),
    (8, RUNNING + [execute(module='os')]),
    (8, STOPPED + LEFT + [does('unknown', tag='bye'), told('closed', how='FIN'), does('closed', how='FIN')]),
]


@pytest.mark.parametrize('version, messages', GOOD, ids=map(str, range(len(GOOD))))
def test_finds_no_fault(version, messages):
    assert faults(version, messages) == []


# ---- from bytes


def encoded(tag, *fields):
    parts = [tag]
    for field in fields:
        parts.append(wires.number(field) if isinstance(field, int) else wires.number(len(field)) + field)
    return b''.join(parts)


def binary_session(version):
    """A small whole session as (way, bytes)."""
    wire = wires.Binary(version)
    attach = b'ATCH' + (wires.number(0) if version >= 6 else b'')
    condition = [1, b'x', 0, 0] if version >= 6 else [b'x', 0]
    exec_ = [b'step', wires.THREAD, 0, 31, 1] + ([0] if version >= 4 else [])
    yield from [('<', wires.whole(wire.greeting())), ('>', wires.whole(wire.greeting()) + encoded(b'', b'secret')),
                ('<', b'ACPT'), ('>', attach), ('<', wires.whole(wire.attached())),
                ('<', wires.whole([wire.started(), wire.module(), wire.frames(), wire.loaded()])),
                ('>', encoded(b'sexi', 0, 1, 32, b'ValueError')),
                ('>', encoded(b'brkp', 5, 7, b'game.py', *condition)), ('<', wires.whole(wire.bound(5))),
                ('>', encoded(b'exec', *exec_)),
                ('<', wires.whole([wire.frames(), wire.result(31, wires.obj('1'))])),
                ('>', b'resa'), ('<', wires.whole([wire.wants_handlers('a.py'), wire.output('said')])),
                ('>', encoded(b'sehi', b'a.py', 1, 3, 5, b'KeyError', b'-')),
                ('<', wires.whole([wire.frames(), wire.hit(5)])), ('>', encoded(b'stpv', wires.THREAD))]


def conversation(parts):
    made = wire_reader.Conversation()
    for way, data in parts:
        made.feed(way, data, 0.0)
    return made


@pytest.mark.parametrize('version', [2, 4, 6])
def test_reads_the_binary_wires(version):
    parts = list(binary_session(version))
    whole_, pieces = conversation(parts), conversation([(way, data[at:at + 1]) for way, data in parts
                                                        for at in range(len(data))])
    assert wreckers.judge(whole_) == []
    names = [one.name for one in whole_.messages]
    assert names == ['greeting', 'authenticate', 'let_in', 'attach', 'attached', 'started', 'module', 'frames',
                     'loaded', 'exceptions', 'set_breakpoint', 'bound', 'execute', 'frames', 'result', 'resume',
                     'wants_handlers', 'output', 'handlers', 'frames', 'hit', 'step']
    assert [one.fields for one in pieces.messages] == [one.fields for one in whole_.messages]
    again = conversation(parts + [('>', b'resa')])
    assert [one.split(' ')[0] for one in wreckers.judge(again)] == ['a_resume_needs_a_stop',
                                                                   'released_threads_need_time_to_wake']


def test_reads_what_a_version_lacks():
    poisoned = conversation(list(binary_session(4)) + [('>', encoded(b'bkgh', 1, 5))])
    assert 'commands_are_known_to_the_version' in wreckers.judge(poisoned)[0]
    old = conversation([('<', wires.whole(wires.Binary(4).greeting()))] + list(binary_session(6))[1:4])
    assert any('the_version_is_repeated' in one for one in wreckers.judge(old))


def test_reads_the_json_wires():
    wire = wires.Json(8)
    parts = [('<', wires.whole(wire.greeting())),
             ('>', wires.whole(wires.framed(request('legacyRemoteDebuggerAttach', {'debugOptions': ''})))),
             ('<', wires.whole([wire.attached(), wire.started(), wire.frames(), wire.loaded()])),
             ('>', wires.whole(wires.framed(request('legacyResumeAll', {}))))]
    assert wreckers.judge(conversation(parts)) == []
    twice = wreckers.judge(conversation(parts + parts[-1:]))
    assert [one.split(' ')[0] for one in twice] == ['a_resume_needs_a_stop', 'released_threads_need_time_to_wake']


def test_tells_when_it_cannot_read():
    assert wreckers.judge(conversation([('<', wires.whole(wires.Binary(6).greeting()) + b'ACPT'),
                                        ('<', b'ACPT' + bytes(32) + b'JUNK')]))


# ---- the proxy


def test_proxy_passes_bytes_and_closes_on():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        listener.listen(1)
        proxy = recording_proxy.Proxy(listener.getsockname()[1])
        for how in ('FIN', 'RST'):
            client = socket.create_connection(('127.0.0.1', proxy.port))
            server, _ = listener.accept()
            server.settimeout(10)
            server.sendall(wires.whole(wires.Binary(6).greeting()))
            assert client.recv(100) == b'PTVSDBG' + wires.number(6)
            client.sendall(b'PTVSDBG')
            assert server.recv(100) == b'PTVSDBG'
            if how == 'RST':
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, recording_proxy.RESET)
            client.close()
            if how == 'FIN':
                assert server.recv(100) == b''
            else:
                with pytest.raises(ConnectionResetError):
                    server.recv(100)
            server.close()
            (one,) = proxy.take()
            assert [(message.name, message.how) for message in one.messages][:2] == [('greeting', None), ('closed', how)]
            assert 'no_fin_in_the_handshake' in str(wreckers.judge(one)) or how == 'RST'
        proxy.close()
