"""Reads both ways of a conversation with a ptvsd server, on every wire, as it passes by: bytes in, messages
out. The names of commands are those of tests/peer/wires.py; layouts are from protocol/binary.md and json.md."""

import json
import struct

import wires


class Short(Exception):
    """The message is not whole yet."""


class Lost(Exception):
    """What comes is not of this protocol."""


class Message(object):
    """`way` is '>' to the server and '<' from it; `fields` by name, as far as anybody looks at them."""

    def __init__(self, way, name, fields=None, at=0.0):
        self.way, self.name, self.at, self.data = way, name, at, b''
        self.fields = fields or {}

    def __getattr__(self, name):
        return self.fields.get(name)

    def __repr__(self):
        shown = ', '.join('%s=%s' % (name, repr(value)[:120]) for name, value in sorted(self.fields.items())
                          if name != 'raw')
        return '%8.3f %s %s(%s)' % (self.at, self.way, self.name, shown)


class Source(object):
    """Bytes that arrive bit by bit; has what the decoders of wires.py ask of a peer."""

    def __init__(self):
        self.data, self.at = bytearray(), 0

    def receive(self, count):
        if count < 0 or count > 1 << 30:
            raise Lost('a length of %d' % count)
        if len(self.data) - self.at < count:
            raise Short
        self.at += count
        return bytes(self.data[self.at - count:self.at])

    def receive_to(self, mark):
        end = self.data.find(mark, self.at)
        if end < 0:
            raise Short
        return self.receive(end + len(mark) - self.at)

    def number(self):
        return struct.unpack('>q', self.receive(8))[0]

    def text(self):
        """A server's string: with a prefix."""
        prefix = self.receive(1)
        if prefix == b'N':
            return None
        if prefix not in (b'U', b'A'):
            raise Lost('a string that begins with %r' % prefix)
        return self.receive(self.number()).decode('utf-8', 'replace')

    def done(self):
        """One message was read whole: gives its bytes."""
        taken = bytes(self.data[:self.at])
        del self.data[:self.at]
        self.at = 0
        return taken


class Binary(object):
    """Versions 2, 4, 6."""

    STEPS = {b'stpi': 'into', b'stpv': 'over', b'stpo': 'out'}
    NAMES = dict(wires.Binary.NAMES)
    NAMES.update({b'rest': 'resume_thread', b'ares': 'auto_resume', b'setl': 'set_line', b'thrf': 'get_frames',
                  b'bkpc': 'pass_count', b'bksh': 'set_hit_count', b'bkda': 'set_django', b'bkdr': 'remove_django'})
    EVENTS = {b'NEWT': ('started', 'thread'), b'EXTT': ('ended', 'thread'), b'LOAD': ('loaded', 'thread'),
              b'BRKS': ('bound', 'id'), b'BRKF': ('pending', 'id'), b'BRKH': ('hit', 'id thread'),
              b'BKHC': ('hit_counted', 'token count'), b'STPD': ('stepped', 'thread'),
              b'ASBR': ('broke', 'thread'), b'DETC': ('detached', ''), b'LAST': ('last', ''),
              b'SETL': ('line_set', 'ok thread line')}
    NEWER = {b'bkpc': 6, b'bkgh': 6, b'bksh': 6}

    def __init__(self, version):
        self.version, self.wire = version, wires.Binary(version)
        self.client, self.server = 'greeting', 'greeting'

    # ---- to the server

    def read_command(self, source):
        if self.client == 'greeting':
            greeting = source.receive(15)
            self.wire.read_text(source)
            self.client = 'attach'
            return Message('>', 'authenticate', {'version': struct.unpack('>q', greeting[7:])[0]})
        if self.client == 'attach':
            tag = source.receive(4)
            options = self.wire.read_text(source) if tag == b'ATCH' and self.version >= 6 else ''
            self.client = 'session'
            name = {b'ATCH': 'attach', b'INFO': 'info', b'REPL': 'connect_repl'}.get(tag, 'unknown')
            return Message('>', name, {'tag': tag, 'options': options})
        return self.read_session_command(source)

    def read_session_command(self, source):
        tag = source.receive(4)
        fields = {'tag': tag}
        if tag == b'sehi':
            command = self.wire.read_handlers(source)
            return Message('>', 'handlers', dict(fields, file=command.file))
        if tag == b'sexi':
            self.wire.read_exceptions(source)
            return Message('>', 'exceptions', fields)
        if tag not in self.wire.layouts or self.NEWER.get(tag, 0) > self.version:
            source.receive(len(source.data) - source.at)
            return Message('>', 'unknown', fields)
        values = [source.number() if kind == 'i' else source.receive(source.number()).decode('utf-8', 'replace')
                  for kind in self.wire.layouts[tag]]
        names = {b'brkp': 'id line file' + (' kind condition pass_kind pass_count' if self.version >= 6 else ''),
                 b'exec': 'text thread frame token', b'chld': 'text thread frame token', b'brkr': 'line id',
                 b'brkc': 'id', b'bkpc': 'id pass_kind pass_count', b'bkgh': 'token id', b'bksh': 'id',
                 b'bkda': 'id line', b'bkdr': 'line id', b'setl': 'thread frame line'}.get(tag, 'thread')
        fields.update(zip(names.split(), values))
        fields['how'] = self.STEPS.get(tag)
        return Message('>', self.NAMES[tag], fields)

    # ---- from the server

    def read_event(self, source):
        if self.server == 'greeting':
            source.receive(15)
            self.server = 'let_in'
            return Message('<', 'greeting', {'version': self.version})
        if self.server in ('let_in', 'attach'):
            accepted = source.receive(4) == b'ACPT'
            name = 'let_in' if self.server == 'let_in' else 'attached'
            if accepted and name == 'attached':
                source.receive(32)
            self.server = 'attach' if name == 'let_in' else 'session'
            return Message('<', name, {'accepted': accepted})
        return self.read_session_event(source)

    def read_session_event(self, source):
        tag = source.receive(4)
        if tag in self.EVENTS:
            name, fields = self.EVENTS[tag]
            return Message('<', name, {field: source.number() for field in fields.split()})
        read = getattr(self, 'read_' + tag.decode('latin-1'), None)
        if not read:
            raise Lost('the tag %r' % tag)
        return Message('<', *read(source))

    def read_MODL(self, source):
        return 'module', {'id': source.number(), 'file': source.text()}

    def read_OUTP(self, source):
        return 'output', {'thread': source.number(), 'text': source.text()}

    def read_REQH(self, source):
        return 'wants_handlers', {'file': source.text()}

    def read_EXCP(self, source):
        type_, thread, _, text = source.text(), source.number(), source.number(), source.text()
        return 'exception', {'type': type_, 'thread': thread, 'text': text}

    def read_EXC2(self, source):
        thread = source.number()
        texts = {source.text(): source.text() for _ in range(source.number())}
        return 'exception', {'type': texts.get('typename'), 'thread': thread, 'text': texts.get('message')}

    def read_object(self, source):
        for _ in range(3):
            source.text()
        for _ in range(2 if self.version >= 4 else 1):
            source.number()

    def read_THRF(self, source):
        thread, name, count = source.number(), source.text(), source.number()
        for _ in range(count):
            source.receive(24), source.text(), source.text(), source.number()
            if source.number() == 2:
                source.text(), source.number()
            for _ in range(source.number()):
                source.text(), self.read_object(source)
        return 'frames', {'thread': thread, 'thread_name': name, 'count': count}

    def read_EXCR(self, source):
        token = source.number()
        self.read_object(source)
        return 'result', {'token': token}

    def read_EXCE(self, source):
        return 'failed', {'token': source.number(), 'text': source.text()}

    def read_CHLD(self, source):
        token = source.number()
        count = source.number() if self.version >= 4 else source.number() + source.number()
        if self.version < 4:
            source.receive(16)
        for _ in range(count):
            source.text()
            if self.version >= 4:
                source.text()
            self.read_object(source)
        return 'children_are', {'token': token}


class Json(object):
    """Versions 7, 8."""

    NAMES = dict(wires.Json.NAMES, legacyResumeThread='resume_thread', legacyAutoResumeThread='auto_resume',
                 legacySetLineNumber='set_line', legacyGetThreadFrames='get_frames',
                 legacySetBreakpointHitCount='set_hit_count',
                 legacyRemoteDebuggerAuthenticate='authenticate', legacyRemoteDebuggerAttach='attach',
                 legacyRemoteDebuggerInfo='info', legacyRemoteReplAttach='connect_repl',
                 legacyConnectRepl='connect_repl', legacyDisconnectRepl='disconnect_repl',
                 legacyListReplModules='list_modules')
    ONLY = {'legacyListReplModules': 8, 'legacyConnectRepl': 7, 'legacyDisconnectRepl': 7, 'legacyRemoteReplAttach': 7}
    FIELDS = {'breakpointId': 'id', 'breakpointLineNo': 'line', 'breakpointFileName': 'file', 'threadId': 'thread',
              'executionId': 'token', 'text': 'text', 'fileName': 'file', 'frameId': 'frame', 'exceptionText': 'text',
              'passCountKind': 'pass_kind', 'passCount': 'pass_count', 'debugOptions': 'options',
              'moduleName': 'module', 'threadName': 'thread_name', 'accepted': 'accepted', 'output': 'text'}
    STEPS = {'legacyStepInto': 'into', 'legacyStepOver': 'over', 'legacyStepOut': 'out'}
    EVENTS = {'legacyThreadCreate': 'started', 'legacyThreadExit': 'ended', 'legacyProcessLoad': 'loaded',
              'legacyModuleLoad': 'module', 'legacyThreadFrameList': 'frames', 'legacyBreakpointSet': 'bound',
              'legacyBreakpointFailed': 'pending', 'legacyBreakpointHit': 'hit', 'legacyStepDone': 'stepped',
              'legacyAsyncBreak': 'broke', 'legacyException': 'exception', 'legacyExecutionResult': 'result',
              'legacyRequestHandlers': 'wants_handlers', 'legacyExecutionException': 'failed',
              'legacyEnumChildrenResult': 'children_are', 'legacyDebuggerOutput': 'output',
              'legacyDetach': 'detached', 'legacyLast': 'last', 'legacyRemoteConnected': 'greeting'}

    def __init__(self, version):
        self.version = version

    @staticmethod
    def read_body(source):
        head = source.receive_to(b'\r\n\r\n')
        try:
            return json.loads(source.receive(int(head.split(b':')[1])).decode('utf-8'))
        except (ValueError, IndexError) as error:
            raise Lost('%s: %r' % (error, head))

    def fields(self, values):
        return {ours: values[theirs] for theirs, ours in self.FIELDS.items() if theirs in values}

    def read_command(self, source):
        message = self.read_body(source)
        tag, arguments = message.get('command'), message.get('arguments')
        fields = self.fields(arguments) if isinstance(arguments, dict) else {}
        fields.update(tag=tag, seq=message.get('seq'), raw=message, how=self.STEPS.get(tag))
        known = tag in self.NAMES and self.ONLY.get(tag, self.version) == self.version
        return Message('>', self.NAMES[tag] if known else 'unknown', fields)

    def read_event(self, source):
        message = self.read_body(source)
        body = message.get('body') or {}
        fields = self.fields(body)
        if message['type'] == 'response':
            fields.update(tag=message['command'], seq=message['request_seq'], success=message['success'])
            attach = message['command'] == 'legacyRemoteDebuggerAttach'
            return Message('<', 'attached' if attach else 'response', fields)
        if 'threadFrames' in body:
            fields['count'] = len(body['threadFrames'])
        return Message('<', self.EVENTS.get(message['event'], message['event']), fields)


def reader(version):
    return (Json if version >= 7 else Binary)(version)


class Conversation(object):
    """One connection: feed it the bytes of both ways in their order; it keeps the messages."""

    def __init__(self):
        self.messages, self.reader, self.lost = [], None, None
        self.sources = {'>': Source(), '<': Source()}

    @property
    def version(self):
        return self.reader.version if self.reader else None

    def recognise(self):
        """The version, from the greeting."""
        data = bytes(self.sources['<'].data)
        if data.startswith(b'PTVSDBG') and len(data) >= 15:
            self.reader = reader(struct.unpack('>q', data[7:15])[0])
        elif data.startswith(b'Content-Length') and b'debuggerProtocolVersion": ' in data:
            self.reader = reader(int(data.split(b'debuggerProtocolVersion": ')[1][:1]))

    def feed(self, way, data, at):
        """The messages that this completes."""
        self.sources[way].data += data
        if not self.reader:
            self.recognise()
        found = []
        while self.reader and not self.lost and self.sources[way].data:
            source = self.sources[way]
            try:
                message = self.reader.read_command(source) if way == '>' else self.reader.read_event(source)
            except Short:
                source.at = 0
                break
            except Lost as error:
                self.lost = '%s %s' % (way, error)
                break
            message.data, message.at = source.done(), at
            found.append(message)
        self.messages += found
        return found

    def closed(self, way, how, at):
        """`how`: FIN or RST, by the client ('>') or the server."""
        self.messages.append(Message(way, 'closed', {'how': how}, at))
