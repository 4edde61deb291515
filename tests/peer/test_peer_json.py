"""Versions 7 and 8: a message tells its length, so only broken framing, and what is no JSON object, ends the
session. All else that is wrong in a message costs that message at most."""

import copy

import pytest

import scripted
from scripted import OTHER, THREAD, Honest, Json, Once, fin, frame, framed, obj, rst, stall, whole
from sessions import at_once, stopped

WIRES = [Json(7), Json(8)]
EIGHT = Json(8)
MISSING = object()
VALUES = [MISSING, None, True, False, -1, 0, 1.5, 1e300, 2 ** 62, -2 ** 31 - 1, '', 'text', [], {}, [1], [[]],
          {'a': 1}, [None], [{}]]


def after_attach(*steps, **more):
    return Honest(EIGHT, after_attach=list(steps), **more)


# ---- every field of another type --------------------------------------------------------------------


def paths(value, path=()):
    """The places of all fields inside a value."""
    if isinstance(value, (dict, list)):
        for key in (value if isinstance(value, dict) else range(len(value))):
            yield path + (key,)
            yield from paths(value[key], path + (key,))


def mutations(body):
    """Copies of a message's body, in each of which one field has another type, or is missing."""
    for path in paths(body):
        for value in VALUES:
            changed = copy.deepcopy(body)
            place = changed
            for key in path[:-1]:
                place = place[key]
            if value is MISSING:
                del place[path[-1]]
            else:
                place[path[-1]] = value
            yield changed


def event(name, body):
    return framed({'type': 'event', 'seq': 0, 'event': name, 'body': body})


ONE_FRAME = EIGHT.frames_body(frames=[frame(kind=2, variables=[('player', obj('{}', 'dict', '0x1', 1, 17))])])


def test_types_in_frames(session):
    """Each stack is shown as far as it can be; the session goes on."""
    one, thread = stopped(session, Honest(EIGHT))
    for body in mutations(ONE_FRAME):
        one.marked(event('legacyThreadFrameList', body))
        frames = one.ask('stackTrace', threadId=thread)['stackFrames']
        for scope in (one.ask('scopes', frameId=frames[0]['id'])['scopes'][:1] if frames else []):
            one.ask('variables', variablesReference=scope['variablesReference'])
    one.marked(EIGHT.frames())
    one.ask('continue', threadId=thread)
    one.pauses(thread)
    one.leave()


def test_types_in_stops(session):
    """Breakpoint hits, steps, pauses, the attach stop: a stop without a sane thread is one of an unknown
    thread; the sane one behind them is reported."""
    stops = [event(name, body) for name, full in (
        ('legacyBreakpointHit', {'breakpointId': 99, 'threadId': OTHER}), ('legacyStepDone', {'threadId': OTHER}),
        ('legacyAsyncBreak', {'threadId': OTHER}), ('legacyProcessLoad', {'threadId': OTHER}))
        for body in mutations(full)]
    session(Honest(EIGHT, before_resume=Once([whole(stops)]))).works()


def test_types_in_exceptions(session):
    """Each is a stop that can be looked at."""
    full = {'threadId': THREAD, 'data': {'typename': 'ValueError', 'message': 'no', 'breaktype': 'unhandled',
                                         'trace': "'/srv/app/game.py',7,'work','x'", 'excvalue': 'e'}}
    one, thread = stopped(session, Honest(EIGHT))
    one.editor.tells_stops_once = False  # as this server does, with other words each time
    for body in mutations(full):
        one.marked(event('legacyException', body))
        frames = one.ask('stackTrace', threadId=thread)['stackFrames']
        for scope in one.ask('scopes', frameId=frames[0]['id'])['scopes'][:2]:
            one.ask('variables', variablesReference=scope['variablesReference'])
    one.ask('continue', threadId=thread)
    one.pauses(thread)
    one.leave()


def test_types_in_output(session):
    """Of any type: what is text is shown, on one of the two channels."""
    bodies = list(mutations({'threadId': THREAD, 'output': 'hello\n', 'channel': 'stderr', 'isStdOut': False}))
    one = session(after_attach([whole([event('legacyDebuggerOutput', body) for body in bodies])]))
    one.works(leave=False)
    assert one.editor.output().count('hello\n') == sum(body.get('output') == 'hello\n' for body in bodies)
    one.leave()


def test_types_in_answers(session):
    """Results, failures and children of any type, with the right one behind: each question is answered once."""
    bodies = {'r': [], 'c': [], 'f': []}

    def execute(server, command):
        if command.text[0] not in bodies or not command.text[1:].isdigit():
            return None
        name, make = {'r': ('legacyExecutionResult', lambda: {'executionId': command.token, 'obj': EIGHT.object(obj('1', flags=1))}),
                      'f': ('legacyExecutionException', lambda: {'executionId': command.token, 'exceptionText': 'no'}),
                      'c': ('legacyEnumChildrenResult', lambda: {'executionId': command.token, 'children': [
                          {'name': 'x', 'expression': 'a.x', 'obj': EIGHT.object(obj('1', 'dict', '0x1', 1, 1))}]})}[command.text[0]]
        body = list(mutations(make()))[int(command.text[1:])]
        return [EIGHT.acknowledge(command), event(name, body), EIGHT.result(command.token, obj('7'))]

    one, thread = stopped(session, Honest(EIGHT, execute=execute))
    frame_id = one.editor.top(thread)['id']
    count = len(list(mutations({'executionId': 1, 'obj': EIGHT.object(obj('1'))})))
    for letter, many in (('r', count), ('f', 2 * len(VALUES))):
        for number in range(many):
            one.editor.response(one.editor.send('evaluate', {'expression': '%s%d' % (letter, number), 'frameId': frame_id}))
    one.ask('continue', threadId=thread)
    one.pauses(thread)
    one.leave()


def test_types_in_children(session):
    """Lists of children in which each field is wrong once."""
    full = {'executionId': 0, 'children': [
        {'name': 'x', 'expression': 'player.x', 'obj': EIGHT.object(obj('1', 'dict', '0x1', 1, 1))}]}
    bodies = [body for body in mutations(full) if body.get('executionId') == 0 and body.get('children')]
    left = iter(bodies)

    def children(server, command):
        body = next(left, None)
        return body and [event('legacyEnumChildrenResult', dict(body, executionId=command.token)),
                         EIGHT.children_are(command.token, [('y', 'player.y', obj('2'))])]

    one, thread = stopped(session, Honest(EIGHT, children=children))
    player = one.editor.top_locals(thread)['player']
    for _ in bodies:
        one.ask('variables', variablesReference=player['variablesReference'])
    assert next(left, None) is None
    one.leave()


def test_types_in_what_is_told(session):
    """Threads, modules, breakpoints, handler questions: nothing of it harms the session."""
    told = [(name, body) for name, full in (
        ('legacyThreadCreate', {'threadId': OTHER}), ('legacyThreadExit', {'threadId': OTHER}),
        ('legacyModuleLoad', {'moduleId': 5, 'moduleFileName': '/srv/x.py', 'moduleName': 'x', 'isStdLib': False}),
        ('legacyBreakpointSet', {'breakpointId': 5}), ('legacyBreakpointFailed', {'breakpointId': 5}),
        ('legacyRequestHandlers', {'fileName': '/srv/x.py'}), ('legacyModulesChanged', {'x': 1}))
        for body in mutations(full)]
    session(after_attach([whole([event(name, body) for name, body in told])])).works()


def test_types_in_the_envelope(session):
    """type, seq, event and body of any type."""
    envelopes = list(mutations({'type': 'event', 'seq': 0, 'event': 'legacyThreadCreate', 'body': {'threadId': 5}}))
    envelopes += list(mutations({'type': 'response', 'seq': 0, 'request_seq': 1, 'success': False, 'message': 'm',
                                 'command': 'legacySetExceptionInfo', 'body': {}}))
    session(after_attach([whole([framed(one) for one in envelopes])])).works()


# ---- framing ----------------------------------------------------------------------------------------

BROKEN_HEADS = [
    b'Content-Length: -5\r\n\r\n{}', b'Content-Length: 1234567890\r\n\r\n{}', b'Content-Length: 999999999\r\n\r\n{}',
    b'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}', b'Content-Length: +2\r\n\r\n{}', b'Content-Length: 0x2\r\n\r\n{}',
    b'Content-Length: 2 2\r\n\r\n{}', b'Content-Length:\r\n\r\n{}', b'Content-Length: 2.0\r\n\r\n{}',
    b'X-Other: 1\r\nContent-Length: 2\r\n\r\n{}', b'Content-Type: a\r\n\r\n{}', b'\r\n\r\n{}', b'{"type": "event"}',
    b'Content-Length: 2\r\n' + b'Content-Type: a\r\n' * 30 + b'\r\n{}', b'Content-Length: ' + b'0' * 9000,
    b'HTTP/1.1 200 OK\r\n\r\n', b'\x16\x03\x01\x02\x00', b'Content-Length: 2\n\n{}' + b' ' * 9000, b'\x00']


def test_headers_that_are_broken(session):
    """Signs, blanks, ten digits, two of them, none, others, never an end: the session ends with a sentence."""
    at_once(BROKEN_HEADS, lambda head: session(after_attach(head)).ended('127.0.0.1'))


def test_header_without_end(session):
    """Ten megabytes of header: noticed in its first kilobytes."""
    at_once([b' ', b'0', b'1', b':', b'Content-Length: 1', b'\n'], lambda part: session(
        after_attach(b'Content-Length: ' + part * (10000000 // len(part)))).ended())


def test_headers_that_are_odd_but_right(session):
    """Another case, white space, a Content-Type, a length of zeroes in front."""
    body = whole(EIGHT.output('odd\n')).split(b'\r\n\r\n')[1]
    heads = [b'content-length: %d\r\n\r\n', b'Content-Length:%d\r\n\r\n', b'Content-Length: \t %d \r\n\r\n',
             b'Content-Type: application/json\r\nContent-Length: %d\r\n\r\n', b'Content-Length: 000%d\r\n\r\n']
    one = session(after_attach(*[head % len(body) + body for head in heads]))
    one.works(leave=False)
    assert one.editor.output() == 'odd\n' * len(heads)
    one.leave()


def test_lengths_that_lie(session):
    """Too short or too long by one or by a hundred: what follows is no header, the end."""
    body = EIGHT.output('x' * 300)[1]
    at_once([-1, 1, -100, 100, -len(body)], lambda lie: session(after_attach(
        b'Content-Length: %d\r\n\r\n' % (len(body) + lie) + body, [EIGHT.output('y')] * 3)).ended())


def test_bodies_that_are_no_object(session):
    """Valid JSON or not: the session ends with a sentence."""
    bodies = [b'[]', b'null', b'true', b'17', b'"text"', b'', b'   ', b'nonsense', b'{', b'{}}', b'{} {}', b"{'a': 1}",
              b'{"a": 1,}', b'{"a" 1}', b'{"a": tru}', b'[{}]', b'{"a": "\\u12"}', b'{"a": "\\', b'"', b'\x00', b'{"a": 01e}',
              b'NaN', b'{"type": "event"', b'/**/{}', b'{"a": \x80}']
    at_once(bodies, lambda body: session(after_attach(framed(body))).ended('127.0.0.1'))


def test_objects_that_say_nothing(session):
    """Empty, of an unknown type, event or command: passed over."""
    bodies = [{}, {'type': 'event'}, {'type': 'response'}, {'type': 'request', 'seq': 1, 'command': 'runInTerminal'},
              {'type': 'event', 'event': 'legacyNoSuchThing', 'body': {}}, {'type': 'greeting'}, {'': ''},
              {'type': 'event', 'event': 'legacyRemoteConnected', 'body': {'debuggerProtocolVersion': 99}},
              {'type': 'response', 'command': 'legacyNoSuchThing', 'success': True},
              {'type': 'event', 'event': 'stopped', 'body': {'threadId': 1}}, {'type': 'event', 'event': 'terminated'}]
    at_once(WIRES, lambda wire: session(Honest(wire, after_attach=[framed(body) for body in bodies])).works())


@pytest.mark.slow
def test_claimed_but_never_sent(session):
    """100 MB are possible: they are waited for in small memory, requests are answered; the same for a message
    whose header or body breaks off."""
    def play(part):
        one = session(after_attach(part, stall))
        assert one.attached()
        assert one.ask('threads')['threads']
        one.check_memory(60 << 20)
        one.leave()
    at_once([b'Content-Length: 104857600\r\n\r\n{"type"', b'Content-Length: 200', b'Content-Length: 20\r\n', b'C',
             whole(EIGHT.frames())[:-1]], play)


# ---- what JSON allows -------------------------------------------------------------------------------


def test_deep_nesting(session):
    """More than 128 levels are no JSON to us, wherever they stand; fewer are."""
    def nested(depth, open, close):
        return b'{"type": "event", "event": "legacyModulesChanged", "body": {"x": %s}}' % (open * depth + b'1' + close * depth)
    deep = [nested(depth, open, close) for depth in (130, 5000, 1000000) for open, close in ((b'[', b']'), (b'{"a":', b'}'))]
    deep += [b'[' * 5000000, b'{"a":' * 1000000]
    at_once(deep, lambda body: session(after_attach(framed(body))).ended())
    session(after_attach(framed(nested(100, b'[', b']')), framed(nested(100, b'{"a":', b'}')))).works()


def test_duplicate_keys(session):
    """Of two the same, one counts: a session all the same."""
    bodies = [b'{"type": "event", "type": "response", "event": "legacyModulesChanged", "body": {}}',
              b'{"type": "event", "event": "legacyThreadCreate", "event": "legacyThreadExit", "body": {"threadId": 5}}',
              b'{"type": "event", "event": "legacyThreadCreate", "body": {"threadId": 5, "threadId": 6}}',
              b'{"type": "event", "event": "legacyThreadCreate", "body": {"threadId": 5}, "body": 7}',
              b'{"type": "event", "event": "legacyDebuggerOutput", "body": {%s"threadId": 5}}' % (b'"output": "x", ' * 5000)]
    session(after_attach([framed(body) for body in bodies])).works()


def test_numbers_beyond_all(session):
    """Exponents, fractions and digits without end, as thread, line, length and id."""
    numbers = [b'1e400', b'-1e400', b'1e-400', b'0.1', b'-0', b'9' * 400, b'-' + b'9' * 400, b'9007199254740993', b'1' + b'0' * 5000,
               b'9223372036854775808', b'-9223372036854775809', b'1E5', b'0.' + b'0' * 5000 + b'1']
    shown = frame(line=77, arguments=77, variables=[('x', obj('x', length=77, flags=77))])
    template = EIGHT.frames(thread=77, frames=[shown])[1]
    bodies = [template.replace(b'77', number) for number in numbers]
    bodies += [EIGHT.started(77)[1].replace(b'77', number) for number in numbers]
    bodies += [EIGHT.bound(77)[1].replace(b'77', number) for number in numbers]
    session(after_attach([framed(body) for body in bodies])).works()


# ---- responses --------------------------------------------------------------------------------------


def twice(make):
    """The reaction answered twice: at once with success, and behind it with a traceback."""
    def react(server, command):
        return [make(server, command), server.wire.respond(command, False, 'Traceback (most recent call last):\n  boom\n')]
    return react


def test_two_responses_to_each_request(session):
    """The first counts; the second, a failure, is for the log."""
    names = ('set_breakpoint', 'resume', 'pause', 'execute', 'children', 'detach', 'other')
    at_once(WIRES, lambda wire: session(Honest(wire, **{
        name: twice(getattr(Honest, 'on_' + name)) for name in names})).works())


def test_failures_of_each_request(session):
    """Every request is refused, and the events come all the same."""
    def refuse_first(make):
        return lambda server, command: [server.wire.respond(command, False, 'Traceback\n  no'), make(server, command)]
    names = ('set_breakpoint', 'resume', 'pause', 'execute', 'children', 'exceptions')
    session(Honest(EIGHT, **{name: refuse_first(getattr(Honest, 'on_' + name, Honest.on_other)) for name in names})).works()


def test_no_responses_at_all(session):
    """Only the events come; the bridge never waits for a bare response."""
    class Mute(Json):
        def acknowledge(self, command):
            return [] if command.name != 'other' else super().acknowledge(command)
    at_once([Mute(7), Mute(8)], lambda wire: session(Honest(wire)).works())


def test_responses_to_requests_never_sent(session):
    """Successes and failures of everything, with numbers from nowhere, in the running session."""
    commands = list(Json.NAMES) + ['legacyListReplModules', 'legacySetLineNumber', 'legacyRemoteDebuggerAttach', '']
    said = [framed({'type': 'response', 'seq': 0, 'request_seq': seq, 'success': success, 'command': command,
                    'message': '', 'body': body})
            for command in commands for seq in (0, 1, -7, 2 ** 40) for success in (True, False)
            for body in ({}, {'hitCount': 3}, None)]
    session(after_attach([whole(said)])).works()


def test_farewell_answered_though_never_sent(session):
    """The answer to the last command of a session, in the middle of it: passed over, or an end that is explained."""
    heard = []
    probe = session(Honest(EIGHT, other=lambda server, command: heard.append(command.tag)))
    probe.works()
    said = framed({'type': 'response', 'seq': 0, 'request_seq': 5, 'success': False, 'command': heard[-1], 'message': '',
                   'body': {}})
    session(after_attach(said)).orderly()


def test_last_event(session):
    """legacyLast belongs to another way of starting: acknowledged, and passed over."""
    one = session(after_attach(EIGHT.event('legacyLast')))
    one.works()
    assert one.honest.count('last_ack') == 1


def test_closed_in_mid_message(session):
    """FIN and RST within header and body of every kind of message."""
    messages = [EIGHT.frames(), EIGHT.output('x'), EIGHT.exception(), EIGHT.result(1, obj('1'))]
    cases = [(whole(message)[:cut], close) for message in messages
             for cut, close in ((1, fin), (17, rst), (19, fin), (20, rst), (23, fin), (40, rst), (len(whole(message)) - 1, fin))]
    at_once(cases, lambda case: session(after_attach(*case)).ended('lost'))
