"""One editor at one scripted server: how such a session may go, and what is checked at its end."""

import collections
import concurrent.futures
import json
import os
import re
import time

import dap
import fakes
import scripted

IDLE, IDLE_CPU = 0.3, 0.1
LEAVING = 5  # a detach that is not answered is given up after three seconds
MEMORY = 300 << 20
SANITIZED_MEMORY = 900 << 20  # shadow, red zones and a quarantine come on top
CONTROL = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f]')
JARGON = re.compile(r'\(null\)|\bNULL\b|\bNone\b|%[sdluz]|\bnan\b|Traceback|UV_|errno|Errno|assert|0x[0-9a-f]{5,}|'
                    r'(?<!\w)\(\)|(?<=\s)""(?=[\s.,;)])|\bEOF\b')
NEXT_STEP = re.compile(r'\b(check|try|attach (?:again|to)|restart|install|put|change|disconnect|start|give)\b', re.I)


def sanitized():
    with open(dap.adapter_path(), 'rb') as file:
        return b'__asan_init' in file.read()


def command():
    """The adapter; a sanitizer may keep little of what was freed, as memory is measured here."""
    given = os.environ.get('ASAN_OPTIONS')
    options = (given + ':' if given else '') + 'quarantine_size_mb=4'
    return ['env', 'ASAN_OPTIONS=' + options, dap.adapter_path()]


def check_sentence(message, *words):
    """A cause and the next step, in words for the user of an editor."""
    assert len(message) > 30 and re.match(r'["\w]', message) and message.rstrip().endswith('.'), message
    assert not CONTROL.search(message), repr(message)
    own = re.sub('it said ".*"\\.|answered .* with .*\\)\\.', '', message)  # without what is quoted
    assert not JARGON.search(own), 'jargon in: ' + message
    assert NEXT_STEP.search(message), 'no next step in: ' + message
    for word in words:
        assert re.search(word, message), '%r is not in: %s' % (word, message)


class Sampling(object):
    """The strict judge costs a millisecond a message: what it has seen in another session it need not see
    again, and in a flood it samples."""

    good = set()

    def __init__(self, judge):
        self.judge, self.counts, self.big = judge, collections.Counter(), False

    def faults(self, message):
        if self.big:
            return []
        kind = message.get('event') or message.get('command')
        self.counts[kind] += 1
        if self.counts[kind] > 100 and self.counts[kind] % 1000:
            return []
        key = json.dumps({name: value for name, value in message.items() if name not in ('seq', 'request_seq')})
        if key in self.good:
            return []
        faults = self.judge.faults(message)
        if not faults and len(key) < 2000:
            self.good.add(key)
        return faults


class Editor(dap.Client):
    """Keeps up with floods and very long messages."""

    def __init__(self, judge, **how):
        self.sorted, self.by_name = 0, {}
        super().__init__(judge, **how)

    def read(self):
        pending, wanted = bytearray(), 1
        while not self.hung_up:
            more = os.read(self.process.stdout.fileno(), 1 << 20)
            if not more:
                break
            pending += more
            if len(pending) >= wanted:
                pending = bytearray(self.cut(bytes(pending)))
                header = dap.HEADER.match(pending)
                wanted = header.end() + int(header.group(1)) if header else len(pending) + 1
        if pending:
            self.faults.append('half a message at the end: %r' % bytes(pending[:200]))
        self.process.stdout.close()
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def find_event(self, name, fits):
        """As before, but what was looked through by name is not looked through again by others."""
        for index in range(self.sorted, len(self.events)):
            self.by_name.setdefault(self.events[index]['event'], []).append(index)
        self.sorted = len(self.events)
        for index in self.by_name.get(name, ()):
            if fits(self.events[index].get('body', {})):
                self.by_name[name].remove(index)
                self.taken.add(index)
                return self.events[index]
        return None

    def take(self, body):
        self.judge.big = len(body) > 200000
        super().take(body)

    def note(self, way, message):
        if len(self.transcript) < 3000 and not self.judge.big:
            super().note(way, message)


class Session(object):
    def __init__(self, judge, serve, **attach):
        self.honest = serve if isinstance(serve, scripted.Honest) else None
        self.server = fakes.Server(serve)
        self.editor = Editor(Sampling(judge), command=command())
        self.fine, self.marks = False, 0
        self.editor.initialize()
        self.attach = self.editor.start_attach(port=self.server.port, secret='x', **attach)

    # ---- what it looks like from outside

    def processor_time(self):
        with open('/proc/%d/stat' % self.editor.process.pid) as file:
            fields = file.read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def check_memory(self, limit=None):
        """The most it ever had."""
        try:
            with open('/proc/%d/status' % self.editor.process.pid) as file:
                peak = int(re.search(r'VmHWM:\s+(\d+) kB', file.read()).group(1)) << 10
        except (OSError, AttributeError):
            return  # it has exited already
        limit = SANITIZED_MEMORY if sanitized() else limit or MEMORY
        assert peak < limit, 'it used %d MiB' % (peak >> 20)

    def check_idle(self):
        """It may have to tidy up first; what spins, spins on."""
        try:
            for _ in range(3):
                before = self.processor_time()
                time.sleep(IDLE)
                used = self.processor_time() - before
                if used < IDLE_CPU:
                    return
        except OSError:
            return  # it has exited already
        raise AssertionError('it used %.2f s of processor time in %.1f idle seconds' % (used, IDLE))

    # ---- going through a session, however it goes

    def over(self):
        with self.editor.changed:
            return self.editor.over or any(event['event'] == 'terminated' for event in self.editor.events)

    def ask(self, command, **arguments):
        """The answer's body; None when it was refused or the session is over. Never no answer."""
        if self.over():
            return None
        answer = self.editor.response(self.editor.send(command, arguments))
        return answer.get('body', {}) if answer['success'] else None

    def attached(self):
        answer = self.editor.response(self.attach)
        if answer['success']:
            self.editor.wait_event('initialized')
        return answer['success']

    def configure(self, filters=('uncaught',)):
        lines = [{'line': scripted.LINE}]
        self.ask('setBreakpoints', source={'path': scripted.FILE, 'name': 'game.py'}, breakpoints=lines)
        self.ask('setExceptionBreakpoints', filters=list(filters))
        self.ask('configurationDone')

    def wait_stop(self, timeout=dap.PATIENCE):
        """The id of the thread that stopped, or None at the end of the session."""
        editor = self.editor
        event = editor.wait_until(lambda: self.ended_event() or editor.find_event('stopped', lambda body: True),
                                  'a stop, or the end', timeout)
        return None if event['event'] == 'terminated' else event['body']['threadId']

    def ended_event(self):
        return next((event for event in self.editor.events if event['event'] == 'terminated'), None)

    def look_around(self, thread):
        """All that an editor asks at a stop; gives the names of the locals, or None."""
        self.ask('threads')
        frames = (self.ask('stackTrace', threadId=thread) or {}).get('stackFrames', [])
        if not frames:
            return None
        scopes = (self.ask('scopes', frameId=frames[0]['id']) or {}).get('scopes', [])
        names = None
        for scope in scopes:
            found = (self.ask('variables', variablesReference=scope['variablesReference']) or {}).get('variables', [])
            names = [one['name'] for one in found] if names is None else names
            for one in found[:3]:
                if one['variablesReference']:
                    self.ask('variables', variablesReference=one['variablesReference'])
        self.ask('evaluate', expression='step', frameId=frames[0]['id'], context='watch')
        return names

    def tour(self):
        """A whole session, as far as it goes: attach, breakpoint, values, continue, pause."""
        if not self.attached():
            return
        self.configure()
        thread = self.wait_stop()
        if thread is not None:
            self.look_around(thread)
            self.ask('continue', threadId=thread)
        if not self.over():
            self.ask('pause', threadId=thread)
        if not self.over():
            self.wait_stop()

    # ---- outcomes

    def refused(self, *words):
        """The attach fails, with a sentence; the editor can go on."""
        answer = self.editor.response(self.attach)
        assert not answer['success'], 'attached'
        check_sentence(answer['message'], *words)
        self.leave()
        return answer['message']

    def ended(self, *words):
        """The session ends by itself with a sentence in the console; or, as a reset may overtake what was sent
        before it, its attach is refused with that sentence."""
        editor = self.editor
        editor.wait_until(lambda: self.ended_event() or not editor.responses.get(self.attach, {'success': True})['success'],
                          'terminated, or a refused attach')
        self.check_idle()
        answer = editor.responses[self.attach]
        check_sentence(self.important() if answer['success'] else answer['message'], *words)
        self.leave(idle=False)

    def tour_to_the_end(self):
        """The program exits at some point of a whole session, which needs no explanation."""
        self.tour()
        self.editor.wait_until(self.ended_event, 'terminated')
        assert not self.important(), self.important()
        self.leave()

    def important(self):
        return ''.join(body['output'] for body in self.editor.all_events('output')
                       if body.get('category') == 'important').strip()

    def quiet(self, timeout=30):
        """Until the adapter has taken in all that was said: it uses no processor time any more."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and not self.over():
            before = self.processor_time()
            time.sleep(0.2)
            if self.processor_time() - before < 0.02:
                return

    def works(self, leave=True):
        """A whole session without a fault: what came before did no harm."""
        editor = self.editor
        assert self.attached(), editor.responses[self.attach].get('message')
        self.configure()
        self.stops_and_goes()
        if leave:
            self.leave()
            if self.honest:
                assert self.honest.detached, 'the bridge left without a detach'
                assert self.honest.faults == []

    def stops_and_goes(self):
        editor = self.editor
        stop = editor.wait_stopped(fits=lambda body: body['reason'] == 'breakpoint')
        assert self.look_around(stop.thread) == ['step', 'player']
        assert editor.place(stop.thread) == ('work', scripted.LINE)
        assert editor.evaluate('step', editor.top(stop.thread)['id'])['result'] == '42'
        editor.continue_(stop.thread)
        self.pauses(stop.thread)

    def pauses(self, thread):
        """The running program can be stopped and looked at."""
        editor = self.editor
        editor.pause(thread)
        stop = editor.wait_stopped(fits=lambda body: body['reason'] == 'pause')
        assert editor.place(stop.thread)[0] == 'work'

    def orderly(self):
        """Refused, ended or working to its end: always in order, and with a sentence for the user."""
        self.tour()
        answer = self.editor.responses[self.attach]
        if not answer['success']:
            check_sentence(answer['message'])
        elif self.over():
            return self.ended()
        return self.leave()

    def marked(self, steps, timeout=60):
        """Says something out of the blue, and returns when the bridge has taken it in."""
        self.marks += 1
        mark = 'mark %d\n' % self.marks
        self.honest.say([steps, self.honest.wire.output(mark)])
        self.editor.wait_event('output', lambda body: mark in body['output'], timeout)

    def leave(self, idle=True):
        """The adapter is idle, has not grown, answers disconnect, and exits with 0."""
        editor = self.editor
        if idle:
            self.check_idle()
        self.check_memory()
        started = time.monotonic()
        try:
            seq = editor.send('disconnect', {})
            answer = editor.response(seq, LEAVING)
            assert answer['success']
        except (OSError, AssertionError):
            if not (self.over() and self.ended_event()):
                raise
            editor.requests = {number: name for number, name in editor.requests.items() if name != 'disconnect'}
        assert editor.wait_exit() == 0
        assert time.monotonic() - started < LEAVING, 'leaving took too long'
        self.close()
        self.fine = True

    def close(self):
        """Judges what the adapter said."""
        self.editor.end()
        self.server.close()
        assert self.editor.faults == []
        assert self.editor.unanswered() == []


class Starter(object):
    """start(serve) starts a server and an editor that attaches to it."""

    def __init__(self, judge):
        self.judge, self.sessions = judge, []

    def __call__(self, serve, **attach):
        self.sessions.append(Session(self.judge, serve, **attach))
        return self.sessions[-1]

    def close(self):
        for one in self.sessions:
            if not one.fine:
                one.server.close()
                one.editor.process.kill()


def stopped(start, honest):
    """A session at its breakpoint, and the thread that stopped there."""
    one = start(honest)
    assert one.attached()
    one.configure()
    return one, one.wait_stop()


def at_once(cases, play, workers=24):
    """Plays all cases in parallel: most of them wait for something. Every failure is told."""
    failed = []
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        played = [(case, pool.submit(play, case)) for case in cases]
        for case, future in played:
            try:
                future.result()
            except Exception as error:
                failed.append('%s: %s: %s' % (case, type(error).__name__, str(error)[:800]))
    assert not failed, '%d of %d failed:\n%s' % (len(failed), len(played), '\n'.join(failed[:20]))
