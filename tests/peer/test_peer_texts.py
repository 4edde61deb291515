"""Texts that are no text: bytes that are no UTF-8, NUL, half surrogate pairs, terminal escape sequences,
formats, megabytes; in every place where a server can put one. They are shown, safely, and the session goes on."""

import os
import re
import tempfile
import time

import pytest

import scripted
from scripted import BOTH, FILE, INT64, LINE, OTHER, THREAD, Binary, Honest, Json, Once, frame, framed, number, obj, whole
from sessions import CONTROL, at_once, stopped

SIX, EIGHT = Binary(6), Json(8)


def with_text_everywhere(wire, words):
    """A stop of another thread with this text in all names and values, and an answer to everything."""
    def reply(server, command):
        return [wire.acknowledge(command), wire.result(command.token, obj(words, words, words, flags=1))]

    def children(server, command):
        return [wire.acknowledge(command), wire.children_are(command.token, [(words, words, obj(words, words, words))])]

    odd = [frame(words, words, variables=[(words, obj(words, words, words, flags=1)), ('x', obj(words, words))]), frame()]
    steps = [wire.module(words, 9), wire.started(OTHER), wire.frames(OTHER, odd, words),
             wire.exception(OTHER, words, words), wire.output(words, OTHER), wire.wants_handlers(words), wire.output('\n')]
    return Honest(wire, execute=reply, children=children), steps


def look_at_everything(one, thread):
    """All that can be shown of a thread; gives the bodies."""
    ask, shown = one.ask, []
    shown += [ask('threads'), ask('stackTrace', threadId=thread)]
    for shown_frame in shown[1]['stackFrames'][:1]:
        shown.append(ask('evaluate', expression='x', frameId=shown_frame['id']))
        for scope in ask('scopes', frameId=shown_frame['id'])['scopes']:
            found = ask('variables', variablesReference=scope['variablesReference'])
            shown.append(found)
            for variable in (found or {}).get('variables', []):
                if variable['variablesReference']:
                    shown.append(ask('variables', variablesReference=variable['variablesReference']))
    return shown


def texts_of(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)
    elif isinstance(value, str):
        yield value


def play_text(session, wire, words):
    """A session with this text everywhere; all texts that the editor saw, and the session."""
    honest, steps = with_text_everywhere(wire, words)
    one, thread = stopped(session, honest)
    one.marked(steps)
    body = one.editor.wait_stopped('exception').body
    shown = look_at_everything(one, body['threadId'])
    shown += [body] + one.editor.all_events('module')
    seen = list(texts_of(shown))
    one.editor.continue_(thread)
    one.pauses(thread)
    one.leave()
    return seen, one


BYTES = {b'h\xe9llo \xff': 'h\xe9llo \xff', b'\xbf\xab\xfe': '\xbf\xab\xfe', b'\x80\x81\xfe': None, b'\xed\xa0\x80': None, b'\xc0\x80': None,
         b'\xf5\x80\x80\x80': None, b'caf\xc3': None, 'gr\xfc\xdfe \u4f60 \U0001f40d'.encode('utf-8'): 'gr\xfc\xdfe \u4f60 \U0001f40d'}


def test_bytes_that_are_no_utf8(session):
    """Of Python 2, or of any program's output: Latin-1, where they are no UTF-8."""
    def play(case):
        wire, (data, words) = case
        seen, one = play_text(session, wire, data)
        assert words is None or words in seen
        assert words is None or words in one.editor.output()
    at_once([(wire, case) for wire in (Binary(2), SIX) for case in BYTES.items()], play)


def test_utf8_prefix_that_lies(session):
    """The prefix U promises UTF-8, the bytes are none."""
    class Lying(Binary):
        def output(self, words, thread=THREAD):
            return scripted.flat(b'OUTP', thread, b'U', number(len(words)), words if isinstance(words, bytes) else words.encode())
    wire = Lying(6)
    one, thread = stopped(session, Honest(wire))
    one.marked(wire.output(b'h\xe9llo \xff\n'))
    assert 'h\xe9llo \xff\n' in one.editor.output()
    one.leave()


def test_raw_bytes_in_json(session):
    """A body that holds invalid UTF-8, overlong forms, a byte order mark, raw control characters."""
    def event(text):
        return framed(b'{"type": "event", "event": "legacyDebuggerOutput", "body": {"threadId": 1, "output": "<%s>\\n"}}' % text)
    texts = [b'\xff\xfe', b'\xc0\x80', b'\xed\xa0\x80', b'\xf5\x80\x80\x80', b'a\x00b', b'a\tb\x01', b'caf\xc3', b'\xe2\x82']
    one, thread = stopped(session, Honest(EIGHT))
    for text in texts:
        one.marked(event(text))
    assert len(re.findall('<[^<>]*>', one.editor.output())) == len(texts), one.editor.output()
    one.marked(framed(b'\xef\xbb\xbf{"type": "event", "event": "legacyModulesChanged", "body": {}}'))
    one.leave()


def test_half_surrogate_pairs(session):
    """Python 3 sends them for file names that it cannot decode: a replacement is shown."""
    def play(words):
        seen, _ = play_text(session, EIGHT, words)
        assert any('\ufffd' in text for text in seen)
    at_once(['\ud800', 'a\udcffb', '\udc00\ud800', '\ud83dx\udc0d'], play)


def test_nul(session):
    """A NUL does not cut a text short: what stands behind it is shown."""
    def play(wire):
        seen, one = play_text(session, wire, 'before\0behind')
        assert sum('before' in text and 'behind' in text for text in seen) > 5
        assert 'behind' in one.editor.output()
    at_once([Binary(2), SIX, EIGHT], play)


def test_formats(session):
    """%s and %n are nothing special, wherever they stand."""
    words = '%s%n%d%1000000d{0}%x'
    def play(wire):
        seen, one = play_text(session, wire, words)
        assert words in seen
        assert words in one.editor.output()
    at_once(BOTH, play)


ESCAPES = '\x1b[2J\x1b]0;title\x07x\x08\x7f\x9b31mred'


def test_terminal_escapes_in_names(session):
    """In names and values control characters are shown, not sent (reliability: text of a server is data)."""
    def play(wire):
        seen, _ = play_text(session, wire, ESCAPES)
        raw = [text for text in seen if CONTROL.search(text)]
        assert not raw, raw[:5]
    at_once(BOTH, play)


def test_terminal_escapes_in_remarks(session):
    """The adapter's own remarks hold no control characters, whatever name they are about."""
    one, thread = stopped(session, Honest(SIX))
    one.marked(SIX.wants_handlers('/srv/\x1b[31mred.py'))
    assert 'no local copy' in one.editor.console()
    assert not CONTROL.search(one.editor.console())
    one.leave()


def test_output_is_left_alone(session):
    """What the program prints is the program's affair: colours arrive as they were."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked(wire.output(ESCAPES))
        assert ESCAPES in one.editor.output()
        one.leave()
    at_once(BOTH, play)


def test_a_megabyte_everywhere(session):
    """As every name and value, of letters that are cut badly."""
    at_once([(wire, words) for wire in BOTH for words in ('\u20ac' * 333333, '/' * 300000)],
            lambda case: play_text(session, *case), workers=2)


def test_empty_texts(session):
    """No name, no value, no type, no file."""
    at_once(BOTH, lambda wire: play_text(session, wire, ''))


# ---- names of files ---------------------------------------------------------------------------------


def test_files_that_must_not_be_read(session):
    """Handler questions about devices, pipes, directories, endless and odd names: answered at once."""
    names = ['', '/', '.', '..', '/dev/zero', '/dev/stdin', '/dev/tty', '/proc/self/mem', '/proc/kmsg', '/proc/self/fd/0', '/etc',
             '/x' * 5000, 'C:\\x.py', '\\\\host\\share\\x.py', '<string>', '~', '/srv/../../etc/passwd', 'a\nb.py', '/proc/self/environ']
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        started = time.monotonic()
        one.marked([whole([wire.wants_handlers(name) for name in names])])
        one.honest.wait_for('handlers', len(names), 3)
        assert time.monotonic() - started < 3
        assert [command.file for command in one.honest.commands if command.name == 'handlers'] == names
        one.leave()
    at_once(BOTH, play)


def test_a_pipe_is_not_read(session):
    """A named pipe where a source should be: opening it would wait for ever."""
    with tempfile.TemporaryDirectory() as directory:
        pipe = os.path.join(directory, 'pipe.py')
        os.mkfifo(pipe)
        one, thread = stopped(session, Honest(SIX))
        one.marked(SIX.wants_handlers(pipe))
        one.honest.wait_for('handlers', 1, 3)
        one.leave()


def handlers_of_a_local_file(session, **attach):
    """What is answered about a file here that the server names."""
    with tempfile.TemporaryDirectory() as directory:
        secret = os.path.join(directory, 'secret.py')
        with open(secret, 'w') as file:
            file.write('try:\n    x = 1\nexcept SecretWord:\n    pass\n')
        one = session(Honest(SIX), **attach)
        assert one.attached()
        one.marked(SIX.wants_handlers(secret))
        one.honest.wait_for('handlers', 1, 3)
        answer = next(command for command in one.honest.commands if command.name == 'handlers')
        one.leave()
        return str(answer.ranges)


def test_a_local_file_that_nobody_named(session):
    """With a path mapping, a server cannot learn what stands in other local files: neither mapped nor named
    by the editor, they count as unknown."""
    mappings = [{'localRoot': '/home/nobody/src', 'remoteRoot': '/srv/app'}]
    assert 'SecretWord' not in handlers_of_a_local_file(session, pathMappings=mappings)


def test_a_local_file_of_the_same_path(session):
    """Without a path mapping, program and editor see the same files."""
    assert 'SecretWord' in handlers_of_a_local_file(session)


def test_lines_that_cannot_be(session):
    """Lines that no editor can hold are not shown to it."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        for line in (-1, 2 ** 31, 2 ** 62, -2 ** 62):
            one.marked(wire.frames(frames=[frame(line=line)]))
            shown = one.editor.top(thread)['line']
            assert 0 <= shown < 2 ** 31, shown
        one.leave()
    at_once(BOTH, play)
