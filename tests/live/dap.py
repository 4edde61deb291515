"""A strict client of the adapter: starts it, speaks the Debug Adapter Protocol with it over stdio, and
judges every byte that comes back. What breaks a rule is kept in `faults` and fails the test."""

import collections
import json
import os
import re
import subprocess
import threading
import time

import canary
import via

PATIENCE = 15
REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEADER = re.compile(rb'Content-Length: (0|[1-9][0-9]*)\r\n\r\n')
SANITIZERS = re.compile(r'Sanitizer|runtime error:|Assertion|core dumped')
Stop = collections.namedtuple('Stop', 'thread reason body')


def adapter_path():
    return os.environ.get('PTVSD_DAP') or os.path.join(REPOSITORY, 'build', 'ptvsd-dap')


def run(*arguments, timeout=2 * PATIENCE, **how):
    """A subcommand, to its end."""
    done = subprocess.run([adapter_path()] + list(arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=timeout, **how)
    if arguments[:1] != ('config',):  # that prints a configuration, as it was told to
        assert canary.SECRET not in done.stdout + done.stderr, (done.stdout, done.stderr)
    return done


class Refused(AssertionError):
    """A request that was answered with success: false."""


class Connection(object):
    """The adapter process and the messages both ways."""

    tells_stops_once = True
    serve = None  # a function of a reverse request, in the reader's thread, that gives what answer() is to say
    GOES_ON = {'continue', 'next', 'stepIn', 'stepOut', 'goto', 'restartFrame', 'restart', 'terminate', 'disconnect'}

    def __init__(self, judge, arguments=(), command=None, server=None):
        """`server`: a via.Server to connect to, instead of a process of its own."""
        self.judge = judge
        self.transcript, self.faults = [], []
        self.changed = threading.Condition()
        self.responses, self.requests = {}, {}
        self.events, self.taken = [], set()
        self.standing = set()  # threads told to be stopped
        self.seq, self.last_seq, self.over, self.hung_up = 1, 0, False, False
        self.process = via.Link(self, server) if server else subprocess.Popen(
            (command or [adapter_path()]) + list(arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True)
        self.started = time.monotonic()
        self.complaints = b''
        self.readers = [threading.Thread(target=one, daemon=True) for one in (self.read, self.read_errors)]
        for reader in self.readers:
            reader.start()

    # ---- in

    def read_errors(self):
        for line in iter(self.process.stderr.readline, b''):
            self.complaints += line
        self.process.stderr.close()

    def read(self):
        pending = b''
        while not self.hung_up:
            more = self.receive()
            if not more:
                break
            pending = self.cut(pending + more)
        if pending and not self.hung_up:
            self.faults.append('half a message at the end: %r' % pending[:200])
        with self.changed:
            self.over = True
            self.process.stdout.close()
            self.changed.notify_all()

    def receive(self):
        try:
            return os.read(self.process.stdout.fileno(), 65536)
        except ConnectionResetError:  # a socket
            return b''

    def cut(self, data):
        """Takes whole messages off the front."""
        while data:
            header = HEADER.match(data)
            if not header:
                if len(data) > 64 or not b'Content-Length: '.startswith(data[:16]):
                    self.faults.append('not a header: %r' % data[:200])
                    return b''
                return data
            end = header.end() + int(header.group(1))
            if len(data) < end:
                return data
            self.take(data[header.end():end])
            data = data[end:]
        return data

    def take(self, body):
        try:
            message = json.loads(body.decode('ascii'))
        except ValueError as error:
            self.faults.append('%s: %r' % (error, body[:300]))
            return
        with self.changed:
            self.note('<', message)
            self.faults += ['%s in %s' % (fault, describe(message)) for fault in self.judge.faults(message)]
            if canary.leaks(message):
                self.faults.append('shows the secret: %s' % describe(message))
            if message.get('seq', 0) <= self.last_seq:
                self.faults.append('seq does not grow: %s' % describe(message))
            self.last_seq = message.get('seq', 0)
            if message.get('type') == 'response':
                self.take_response(message)
            elif message.get('type') == 'event':
                self.take_stop(message)
                self.events.append(message)
            elif message.get('type') == 'request' and self.serve:
                self.answer(message, *self.serve(message))
            self.changed.notify_all()

    def take_stop(self, message):
        if message['event'] == 'continued':
            self.standing.clear()
        elif message['event'] == 'stopped' and self.tells_stops_once:
            thread = message['body'].get('threadId')
            if thread in self.standing:
                self.faults.append('tells a stop twice: %s' % describe(message))
            self.standing.add(thread)

    def take_response(self, message):
        seq = message.get('request_seq')
        if seq not in self.requests:
            self.faults.append('answers a request never sent: %s' % describe(message))
        elif seq in self.responses:
            self.faults.append('answers twice: %s' % describe(message))
        elif self.requests[seq] != message.get('command'):
            self.faults.append('answers %s with: %s' % (self.requests[seq], describe(message)))
        elif message['command'] in self.GOES_ON and message.get('success'):
            self.standing.clear()  # also of those who stopped while it was on its way
        self.responses[seq] = message

    # ---- out

    def note(self, way, message):
        if message.get('event') == 'module':
            return  # a hundred of them at each attach
        self.transcript.append('%7.3f %s %s' % (time.monotonic() - self.started, way, describe(message)))

    def send(self, command, arguments=None, seq=None):
        """Sends a request, without `arguments` when None; gives its seq."""
        (number,) = self.send_all([(command, arguments)], first=seq)
        return number

    def send_all(self, requests, first=None):
        """Several requests in one write."""
        data, numbers = b'', []
        with self.changed:
            for command, arguments in requests:
                number = self.seq if first is None else first
                self.seq = max(self.seq, number) + 1
                message = {'seq': number, 'type': 'request', 'command': command}
                if arguments is not None:
                    message['arguments'] = arguments
                self.requests[number] = command
                if command in self.GOES_ON:
                    self.standing.clear()
                numbers.append(number)
                self.note('>', message)
                body = json.dumps(message).encode('ascii')
                data += b'Content-Length: %d\r\n\r\n' % len(body) + body
        self.process.stdin.write(data)
        self.process.stdin.flush()
        return numbers

    def answer(self, request, success, rest):
        """`rest`: the body, or the message of a failure."""
        message = {'seq': self.seq, 'type': 'response', 'request_seq': request['seq'], 'success': success,
                   'command': request['command'], 'body' if success else 'message': rest}
        self.seq += 1
        self.note('>', message)
        body = json.dumps(message).encode('ascii')
        self.process.stdin.write(b'Content-Length: %d\r\n\r\n' % len(body) + body)
        self.process.stdin.flush()

    # ---- waiting

    def wait_until(self, found, what, timeout=PATIENCE):
        """The first true value of found(), which is called under the lock."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                value = found()
                if value:
                    return value
                left = deadline - time.monotonic()
                if self.over or left <= 0:
                    why = 'the adapter has gone' if self.over else 'it did not come'
                    raise AssertionError('waited for %s: %s' % (what, why))
                self.changed.wait(left)

    def response(self, seq, timeout=PATIENCE):
        """The answer to a request, of either kind."""
        what = 'the answer to %s (%d)' % (self.requests[seq], seq)
        return self.wait_until(lambda: self.responses.get(seq), what, timeout)

    def body(self, seq, timeout=PATIENCE):
        answer = self.response(seq, timeout)
        if not answer['success']:
            raise Refused('%s was refused: %s' % (answer['command'], answer.get('message')))
        return answer.get('body', {})

    def request(self, command, **arguments):
        return self.body(self.send(command, arguments))

    def refused(self, command, **arguments):
        """The message of a request that must fail."""
        answer = self.response(self.send(command, arguments))
        assert not answer['success'], '%s was not refused: %s' % (command, describe(answer))
        return answer['message']

    def find_event(self, name, fits):
        for index, event in enumerate(self.events):
            if index not in self.taken and event['event'] == name and fits(event.get('body', {})):
                self.taken.add(index)
                return event
        return None

    def wait_event(self, name, fits=lambda body: True, timeout=PATIENCE):
        """The body of the first event of this name that fits and was not waited for before."""
        event = self.wait_until(lambda: self.find_event(name, fits), 'event ' + name, timeout)
        return event.get('body', {})

    def pending(self, name):
        """Bodies of events that nobody waited for yet."""
        with self.changed:
            return [event.get('body', {}) for index, event in enumerate(self.events)
                    if event['event'] == name and index not in self.taken]

    def all_events(self, name):
        with self.changed:
            return [event.get('body', {}) for event in self.events if event['event'] == name]

    # ---- leaving

    def close_input(self):
        try:
            self.process.stdin.close()
        except OSError:
            pass

    def hang_up(self):
        """Stops reading for good and closes the pipe, at the next message."""
        self.hung_up = True

    def signal(self, number):
        self.process.send_signal(number)

    def wait_exit(self, timeout=PATIENCE):
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError('the adapter does not exit')

    def end(self):
        """Ends the process; what was wrong with it and what it said goes to `faults`."""
        self.close_input()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
            self.faults.append('it did not exit when its input ended')
        for reader, pipe in zip(self.readers, (self.process.stdout, self.process.stderr)):
            reader.join(PATIENCE)
            if not reader.is_alive():
                pipe.close()
        complaints = self.complaints.decode('utf-8', 'replace')
        if status != 0:
            self.faults.append('exit status %d' % status)
        if SANITIZERS.search(complaints) or canary.SECRET in complaints:
            self.faults.append(complaints)

    def unanswered(self):
        return ['%s (%d) was never answered' % (command, seq)
                for seq, command in self.requests.items() if seq not in self.responses]


def describe(message):
    text = json.dumps(message, ensure_ascii=True)
    return text if len(text) <= 1500 else text[:1500] + ' …'


class Client(Connection):
    """The helper methods that tests read like sentences."""

    ATTACH = {'name': 'Remote', 'type': 'ptvsd', 'request': 'attach', '__sessionId': 'unknown attribute'}

    def initialize(self, **more):
        arguments = dict({'clientID': 'live', 'adapterID': 'ptvsd', 'pathFormat': 'path',
                          'linesStartAt1': True, 'columnsStartAt1': True}, **more)
        self.capabilities = self.request('initialize', **arguments)
        return self.capabilities

    def start_attach(self, debuggee=None, **how):
        """Sends initialize (once) and attach; the seq of attach."""
        import over
        if not hasattr(self, 'capabilities'):
            self.initialize()
        where = {} if debuggee is None else over.where(debuggee.port, canary.SECRET)
        return self.send('attach', dict(self.ATTACH, **dict(where, **how)))

    def wait_initialized(self, attach):
        """`initialized` comes, or attach was refused."""
        def found():
            answer = self.responses.get(attach)
            if answer and not answer['success']:
                raise Refused('attach was refused: %s' % answer.get('message'))
            return self.find_event('initialized', lambda body: True)
        return self.wait_until(found, 'initialized')

    def attach(self, debuggee=None, breakpoints=None, exceptions=None, **how):
        """The whole way to a running session. `breakpoints` is {path: lines}; gives what was answered
        for them, by path."""
        attach = self.start_attach(debuggee, **how)
        self.wait_initialized(attach)
        answered = {path: self.set_breakpoints(path, lines) for path, lines in (breakpoints or {}).items()}
        self.request('setExceptionBreakpoints', filters=exceptions or [])
        self.request('configurationDone')
        self.body(attach)
        return answered

    def attach_refused(self, debuggee=None, **how):
        """The message of an attach that must fail."""
        answer = self.response(self.start_attach(debuggee, **how))
        assert not answer['success'], 'attach was not refused'
        assert not self.pending('initialized'), 'initialized after a refused attach'
        return answer['message']

    def set_breakpoints(self, path, breakpoints):
        """`breakpoints`: line numbers or whole breakpoints; gives what was answered for each."""
        wanted = [one if isinstance(one, dict) else {'line': one} for one in breakpoints]
        source = {'path': path, 'name': re.split(r'[\\/]', path)[-1]}
        answered = self.request('setBreakpoints', source=source, breakpoints=wanted)['breakpoints']
        assert len(answered) == len(wanted), 'one answer for each breakpoint'
        return answered

    def wait_verified(self, answered):
        """A breakpoint's answer says verified, or an event does soon: right after the attach ptvsd has
        not told of all its modules yet."""
        if not answered['verified']:
            self.wait_event('breakpoint', lambda body: body['breakpoint'].get('id') == answered['id'] and
                            body['breakpoint']['verified'])

    # ---- stops

    def wait_stopped(self, reason=None, fits=lambda body: True, timeout=PATIENCE):
        body = self.wait_event('stopped', fits, timeout)
        assert reason is None or body['reason'] == reason, 'stopped for %r, not %r' % (body, reason)
        return Stop(body.get('threadId'), body['reason'], body)

    def not_stopped(self):
        """No stop is left that the test did not expect."""
        assert self.pending('stopped') == []

    def threads(self):
        return self.request('threads')['threads']

    def first_thread(self):
        """Its id, as soon as the adapter has told of it."""
        return self.wait_event('thread', lambda body: body['reason'] == 'started')['threadId']

    def thread_named(self, name):
        found = [thread['id'] for thread in self.threads() if thread['name'] == name]
        assert len(found) == 1, 'one thread %r among %r' % (name, self.threads())
        return found[0]

    def stack(self, thread, **part):
        return self.request('stackTrace', threadId=thread, **part)['stackFrames']

    def top(self, thread):
        return self.stack(thread, startFrame=0, levels=1)[0]

    def place(self, thread):
        frame = self.top(thread)
        return frame['name'], frame['line']

    # ---- values

    def scopes(self, frame):
        return self.request('scopes', frameId=frame)['scopes']

    def scope(self, frame, name):
        found = [scope for scope in self.scopes(frame) if scope['name'] == name]
        assert len(found) == 1, 'one scope %r' % name
        return found[0]

    def variables(self, reference, **part):
        return self.request('variables', variablesReference=reference, **part)['variables']

    def locals(self, frame):
        """The variables of the first scope by name, in order."""
        first = self.scopes(frame)[0]
        assert first['name'] == 'Locals', 'editors expand the first scope only: %r' % first
        return collections.OrderedDict((one['name'], one) for one in self.variables(first['variablesReference']))

    def top_locals(self, thread):
        return self.locals(self.top(thread)['id'])

    def children(self, variable):
        assert variable['variablesReference'] > 0, '%r cannot be expanded' % (variable,)
        return collections.OrderedDict((one['name'], one) for one in self.variables(variable['variablesReference']))

    def evaluate(self, expression, frame=None, context='repl'):
        where = {} if frame is None else {'frameId': frame}
        return self.request('evaluate', expression=expression, context=context, **where)

    def evaluate_refused(self, expression, frame=None, context='repl'):
        where = {} if frame is None else {'frameId': frame}
        return self.refused('evaluate', expression=expression, context=context, **where)

    # ---- running

    def continue_(self, thread):
        return self.request('continue', threadId=thread)

    def step(self, how, thread):
        """`how`: next, stepIn, stepOut. Gives (function, line) where it ends."""
        self.request(how, threadId=thread)
        stop = self.wait_stopped('step')
        assert stop.thread == thread
        return self.place(thread)

    def pause(self, thread):
        self.request('pause', threadId=thread)

    def output(self, category=None):
        """All output of the program so far (not the adapter's own remarks)."""
        wanted = (category,) if category else ('stdout', 'stderr')
        return ''.join(body['output'] for body in self.all_events('output')
                       if body.get('category', 'console') in wanted)

    def console(self):
        return ''.join(body['output'] for body in self.all_events('output')
                       if body.get('category', 'console') in ('console', 'important'))

    def wait_output(self, text, count=1, timeout=PATIENCE):
        """Waits until the program's output holds the text so often."""
        self.wait_until(lambda: self.output().count(text) >= count, 'output %r' % text, timeout)

    def disconnect(self, **arguments):
        """An orderly end; the adapter's exit status must be 0."""
        self.request('disconnect', **arguments)
        assert self.wait_exit() == 0
