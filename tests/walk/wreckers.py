"""The judge: what is known to wreck a ptvsd server, one small rule for each, with its source.

A rule looks at one thing that the client does (a command, or its close) and at the server as it was seen so
far from the client's end; it gives a sentence if the rule is broken. What the server does meanwhile, unseen,
is not the client's fault; that is why a stop counts from when it was told.

The sources are pages of the project's specification: `binary` and `json` are the two protocol pages,
`features` is the table of what the wires lack or get wrong."""

WAKING = 0.03  # seconds: the bridge gives a released thread 100 ms, this machine may be slow to record it
UNANSWERED = 0.5
RUNS = '<expression cannot be evaluated at this time>'
REQUIRED = {
    'legacySetBreakpoint': 'language breakpointId breakpointLineNo breakpointFileName conditionKind condition '
                           'passCountKind passCount',
    'legacyRemoveBreakpoint': 'language breakpointId breakpointLineNo breakpointFileName',
    'legacySetBreakpointCondition': 'breakpointId conditionKind condition',
    'legacySetBreakpointPassCount': 'breakpointId passCountKind passCount',
    'legacySetBreakpointHitCount': 'breakpointId hitCount', 'legacyGetBreakpointHitCount': 'breakpointId',
    'legacyClearStepping': 'threadId', 'legacyStepInto': 'threadId', 'legacyStepOver': 'threadId',
    'legacyStepOut': 'threadId', 'legacyGetThreadFrames': 'threadId',
    'legacyExecuteText': 'text threadId frameId executionId frameKind reprKind',
    'legacyEnumChildren': 'text threadId frameId executionId frameKind',
    'legacySetExceptionInfo': 'defaultBreakOnMode breakOn', 'legacySetExceptionHandlerInfo': 'fileName statements',
    'legacyRemoteDebuggerAuthenticate': 'debuggerName debuggerProtocolVersion clientSecret',
    'legacyRemoteDebuggerAttach': 'debugOptions'}
STOPS = ('loaded', 'hit', 'stepped', 'broke', 'exception')


class Thread(object):
    def __init__(self):
        self.stopped = False   # told, or seen by its own report of its stack, since it was last released
        self.frames = 0        # of its last stack
        self.asked = None      # the token of the question under way
        self.asked_before = False  # before the last resume, that is: its answer tells nothing
        self.asleep = False    # was released, and has shown no sign of life since


class Server(object):
    """The server, as far as it can be seen from the wire."""

    def __init__(self, version):
        self.version = version
        self.attach = None     # None, 'asked', 'accepted', 'refused'
        self.detach = None     # None, 'asked', 'done'
        self.farewell, self.gone, self.greeted, self.authenticated = False, False, False, False
        self.threads, self.breakpoints, self.files, self.ghosts = {}, {}, {}, set()
        self.module_asked = None
        self.resumed_at = -1.0
        self.last_seen = False

    def thread(self, number):
        return self.threads.setdefault(number, Thread())

    @property
    def any_stopped(self):
        return any(thread.stopped for thread in self.threads.values())

    # ---- what the server tells

    def told(self, message):
        name = message.name
        thread = self.thread(message.thread) if message.thread is not None else None
        if thread:
            thread.asleep = False
        if name in STOPS:
            thread.stopped, thread.asked = True, None
            if name == 'hit':
                self.ghosts.add(message.id)
        elif name == 'ended':
            self.threads.pop(message.thread, None)
        elif name == 'frames':
            thread.frames = message.count
            # by itself, and not as a part of an answer: it has stopped, and says no more
            thread.stopped = thread.stopped or (message.thread_name is not None and thread.asked is None)
        elif name in ('result', 'failed', 'children_are'):
            if name == 'failed' and message.text == RUNS:
                self.runs(message.token)
            self.answered(message.token, name == 'result')
        elif name == 'wants_handlers':
            self.files.setdefault(message.file, []).append(message.at)
        elif name == 'attached':
            self.attach = 'accepted' if message.accepted else 'refused'
        elif name == 'detached':
            self.detach = 'done'
        elif name == 'greeting':
            self.greeted = True
        elif name == 'last':
            self.last_seen = True
        elif name == 'closed':
            self.gone = True

    def runs(self, token):
        """A stop that was told before the server's side of the attach was complete is none."""
        for thread in self.threads.values():
            thread.stopped = thread.stopped and thread.asked != token

    def answered(self, token, proves_a_stop):
        if self.module_asked == token:
            self.module_asked = None
        for thread in self.threads.values():
            if thread.asked == token:
                thread.asked = None
                thread.stopped = thread.stopped or (proves_a_stop and not thread.asked_before)

    # ---- what the client does

    def does(self, command):
        name = command.name
        if name in ('resume', 'step'):
            for thread in self.threads.values():
                thread.asleep = thread.asleep or thread.stopped
                thread.stopped, thread.asked_before = False, thread.asked is not None
            self.resumed_at = command.at
        elif name == 'resume_thread' and command.thread in self.threads:
            thread = self.threads[command.thread]
            thread.asleep, thread.stopped = True, False
        elif name in ('execute', 'children'):
            if command.module:
                self.module_asked = command.token
            elif command.thread in self.threads:
                self.threads[command.thread].asked = command.token
                self.threads[command.thread].asked_before = False
        elif name == 'set_breakpoint':
            self.breakpoints[command.id] = command.line
        elif name == 'handlers' and self.files.get(command.file):
            self.files[command.file].pop(0)
        elif name == 'attach':
            self.attach = 'asked'
        elif name == 'detach':
            self.detach = 'asked'
        elif name == 'authenticate':
            self.authenticated = True
        elif name == 'unknown':
            self.farewell = True


RULES = []


def rule(source):
    def add(function):
        function.source = source
        RULES.append(function)
        return function
    return add


# ---- resumes and steps


@rule('binary 5.1.3, 8.3; json 3, 11; features W6')
def a_resume_needs_a_stop(server, command):
    """Two resumes for one stop release a lock twice; one before the attach stop may cross it."""
    if command.name in ('resume', 'step') and not server.any_stopped:
        return 'no thread has stopped since the last resume'


@rule('binary 8.2; json 11; features W6')
def a_step_needs_its_thread_stopped(server, command):
    thread = server.threads.get(command.thread)
    if command.name == 'step' and not (thread and thread.stopped):
        return 'the thread is not stopped'


@rule('binary 8.3; json 11; features W6')
def released_threads_need_time_to_wake(server, command):
    """One that is still asleep from the last resume is released once more."""
    if command.name not in ('resume', 'step') or command.at - server.resumed_at > WAKING:
        return None
    asleep = [number for number, thread in server.threads.items() if thread.asleep]
    if asleep:
        return '%.0f ms after the last, and %r have shown no sign of life' % (
            1000 * (command.at - server.resumed_at), asleep)


@rule('binary 5.1.3, 8.4; json 4, 11; features W5')
def a_thread_resumed_alone_stands(server, command):
    thread = server.threads.get(command.thread)
    if command.name != 'resume_thread':
        return None
    if not (thread and thread.stopped):
        return 'the thread is not stopped'
    if thread.asked is not None:
        return 'it is still busy with question %r' % thread.asked


@rule('features W17')
def nothing_is_resumed_by_itself(server, command):
    if command.name == 'auto_resume':
        return 'ares is never needed, and dies of a stale thread'


# ---- questions


@rule('binary 5.5; json 8, 13; features W7')
def one_question_at_a_time(server, command):
    if command.name not in ('execute', 'children'):
        return None
    thread = server.threads.get(command.thread)
    asked = server.module_asked if command.module else thread and thread.asked
    if asked is not None:
        return 'question %r is still under way there' % asked


@rule('binary 5.2, 5.5, 8.4; json 8')
def questions_need_a_stopped_thread(server, command):
    """While another is stopped, asking in the innermost frame is how to learn whether this one is; the
    outer frames of a thread that runs may be gone."""
    if command.name not in ('execute', 'children') or (command.module and server.version >= 8):
        return None
    thread = server.threads.get(command.thread)
    probes = command.text == '0'  # answered either way
    if not (thread and thread.stopped) and (command.frame or not (server.any_stopped or probes)):
        return 'the thread runs'


@rule('binary 8.4; features W5')
def frames_are_within_the_stack(server, command):
    if command.name not in ('execute', 'children') or (command.module and server.version >= 8):
        return None
    thread = server.threads.get(command.thread)
    if thread and not 0 <= command.frame < max(thread.frames, 1):  # ptvsd may hide the one that it has
        return 'frame %d of %d' % (command.frame, thread.frames)


# ---- what a version lacks, what fails


@rule('binary 4, 7; json 13, 14; features W5')
def commands_are_known_to_the_version(server, command):
    """But one behind a JSON server's detach, which is the way to end it (json 12)."""
    if command.name != 'unknown':
        return None
    if server.version >= 7 and server.detach == 'done' and not server.farewell:
        return None
    return 'version %d does not know %r' % (server.version, command.tag)


@rule('binary 8.4; features W5')
def stacks_are_not_asked_for(server, command):
    if command.name == 'get_frames' and server.version < 7:
        return '2.2.0 calls itself 6 too, and dies of thrf'


@rule('binary 8.1; features W5, W9')
def lines_are_not_set(server, command):
    if command.name == 'set_line':
        return 'a line that cannot be reached deadlocks a binary server; code is executed instead'


@rule('binary 2, 4; json 4')
def no_side_channel(server, command):
    if command.name in ('connect_repl', 'disconnect_repl', 'list_modules'):
        return 'the REPL is not for us'


@rule('binary 4; json 4')
def no_last_ack_without_last(server, command):
    if command.name == 'last_ack' and not server.last_seen:
        return 'only an answer to LAST'


@rule('json 1, 4')
def requests_are_whole(server, command):
    """An argument less, and nothing happens; a type other than request, and a traceback is printed."""
    if server.version < 7 or command.name == 'closed':
        return None
    raw = command.raw
    if raw.get('type') != 'request' or not isinstance(raw.get('seq'), int):
        return 'not a request: %r' % raw
    if not isinstance(raw.get('arguments'), dict):
        return 'arguments are always an object'
    wanted = REQUIRED.get(command.tag, '').split()
    if command.tag == 'legacyExecuteText' and server.version >= 8:
        wanted += ['moduleName', 'printResult']
    missing = [name for name in wanted if name not in raw['arguments']]
    return 'lacks %r' % missing if missing else None


# ---- breakpoints


@rule('binary 6.2, 8.5; json 7')
def every_zeroth_hit_divides_by_zero(server, command):
    if command.name in ('set_breakpoint', 'pass_count') and command.pass_kind == 1 and command.pass_count == 0:
        return 'ZeroDivisionError in the program'


@rule('binary 5.4; json 7; features W12')
def breakpoint_ids_are_used_once(server, command):
    if command.name == 'set_breakpoint' and command.id in server.breakpoints:
        return 'id %d is in use' % command.id


@rule('binary 5.4, 8.10; json 7')
def breakpoint_ids_are_known(server, command):
    """A ghost of an earlier session may be removed when it has hit."""
    if command.name not in ('remove_breakpoint', 'condition', 'pass_count', 'set_hit_count'):
        return None
    if command.id not in server.breakpoints and command.id not in server.ghosts:
        return 'id %d was never set' % command.id


@rule('binary 4 (brkr: line first); json 4')
def breakpoints_are_removed_from_their_line(server, command):
    line = server.breakpoints.get(command.id)
    if command.name == 'remove_breakpoint' and line is not None and command.line != line:
        return 'id %d stands on line %d, not %d' % (command.id, line, command.line)


@rule('binary 8.4')
def django_breakpoints_are_not_removed(server, command):
    if command.name == 'remove_django':
        return 'dies of an unknown line'


# ---- handlers


@rule('binary 8.4')
def handlers_are_told_once_for_each_request(server, command):
    """The JSON servers take an unasked answer as priming (json 6)."""
    if server.version < 7 and command.name == 'handlers' and not server.files.get(command.file):
        return 'nobody waits for the handlers of %r' % command.file


@rule('binary 8.7; json 6')
def handlers_are_told_before_leaving(server, command):
    if command.name != 'detach':
        return None
    late = [file for file, asked in server.files.items() if asked and command.at - asked[0] > UNANSWERED]
    if late:
        return 'threads wait for the handlers of %r' % late


# ---- coming and going


@rule('binary 2; json 2')
def the_version_is_repeated(server, command):
    if command.name == 'authenticate' and server.version < 7 and command.version != server.version:
        return 'the server closes'


@rule('json 2.4')
def nothing_behind_the_attach(server, command):
    if server.version >= 7 and server.attach == 'asked' and command.name != 'closed':
        return 'what comes before the answer to the attach is lost'


@rule('binary 2; json 2')
def the_program_does_not_wait_for_a_key(server, command):
    if command.name == 'attach' and 'Wait' in (command.options or ''):
        return 'it would read its stdin: %r' % command.options


@rule('binary 5.8; json 12')
def nothing_behind_the_detach(server, command):
    if server.detach and command.name not in ('closed', 'handlers', 'unknown'):
        return 'the session has ended'


@rule('binary 7; json 13')
def no_fin_in_the_handshake(server, command):
    """The accept thread would spin for ever. After a refusal the server has closed already."""
    if command.name == 'closed' and command.how == 'FIN' and server.attach in (None, 'asked') and not server.gone:
        return 'no client will be greeted any more'


@rule('binary 7; json 12')
def no_close_without_a_detach(server, command):
    if command.name == 'closed' and server.attach == 'accepted' and not server.detach and not server.gone:
        return 'the debuggee stays attached to nobody'


@rule('json 12')
def no_fin_while_a_json_server_listens(server, command):
    """After the detach its reader would spin; a reset, or the unknown command first, ends it."""
    if (command.name == 'closed' and server.version >= 7 and command.how == 'FIN' and not server.gone
            and server.attach == 'accepted' and not server.farewell):
        return 'its reader thread would spin'


def judge(conversation):
    """What was done wrong in a conversation, as sentences; none is good."""
    faults = ['the recording could not be read: %s' % conversation.lost] if conversation.lost else []
    if conversation.version is None:
        return faults
    return faults + judge_messages(conversation.version, conversation.messages)


def judge_messages(version, messages):
    server, faults = Server(version), []
    for message in messages:
        if message.way == '<':
            server.told(message)
            continue
        for one in RULES:
            broken = one(server, message)
            if broken:
                faults.append('%s (%s): %s: %r' % (one.__name__, one.source, broken, message))
        server.does(message)
    return faults
