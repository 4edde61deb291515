"""The editor that lives through a recording again."""

import time

import dap
import fakes
import sessions

LAST = 1
STEPS = {'into': 'stepIn', 'over': 'next', 'out': 'stepOut'}


class Trusting(object):
    """No judge: the uncut session is judged, and a thousand cut ones say nothing else."""

    big = False

    @staticmethod
    def faults(message):
        return []


class Editor(sessions.Editor):
    def pending_stop(self):
        """A stop that was told and not looked at."""
        with self.changed:
            return any(event['event'] == 'stopped' and index not in self.taken
                       for index, event in enumerate(self.events))


class Replay(sessions.Session):
    """A session with a player of recordings as its server."""

    def __init__(self, judge, player):
        self.player, self.honest = player, None
        self.server = fakes.Server(player)
        self.editor = Editor(judge(), command=[dap.adapter_path()])
        self.fine, self.marks = False, 0
        self.editor.initialize()
        self.attach = self.editor.start_attach(port=self.server.port, secret='hush-4711')

    def drive(self, patience):
        """Through the whole recording; True when its end was reached."""
        if not self.attached():
            return True
        self.configure_as_recorded()
        self.thread = None
        deadline = time.monotonic() + patience
        while not self.over():
            self.wait_played(deadline)
            move, turn = self.player.next_move, self.player.turn
            if move is None or move.name == 'detach':
                # what the bridge passed over does not come
                if self.player.stops_in(turn) and self.wait_stop_or_move(turn, time.monotonic() + LAST):
                    self.look_as_recorded(turn)
                return True
            if time.monotonic() > deadline:
                return False
            if turn == 0:  # the bridge passes over the attach stop by itself
                self.wait_move(turn, deadline)
            elif move.name == 'pause':
                self.ask('pause', threadId=self.thread or 1)
                self.wait_move(turn, deadline)
            elif self.wait_stop_or_move(turn, deadline):
                self.look_as_recorded(turn)
                if move.name == 'step':
                    self.ask(STEPS[move.how], threadId=self.thread)
                else:
                    self.ask('continue', threadId=self.thread)
                self.wait_move(turn, deadline)
        return True

    def configure_as_recorded(self):
        files, script = {}, self.player.script
        for one in script.breakpoints:
            lines = files.setdefault(one.file, [])
            lines += [] if one.line in lines else [one.line]
        for file, lines in files.items():
            self.ask('setBreakpoints', source={'path': file, 'name': file.split('/')[-1]},
                     breakpoints=[{'line': line} for line in lines])
        filters = ['raised', 'uncaught'] if script.exceptions and 'exc' in self.player.name else []
        self.ask('setExceptionBreakpoints', filters=filters)
        self.ask('configurationDone')

    def wait_move(self, turn, deadline):
        """Until the program moves, or a stop that was on its way is told instead."""
        editor, moved = self.editor, False
        while not moved and time.monotonic() < deadline and not editor.over:
            with self.player.moved:
                moved = self.player.moved.wait_for(lambda: self.player.turn > turn or self.player.over, 0.05)
            moved = moved or bool(editor.pending_stop())
        if self.player.over:
            self.wait_end()

    def wait_played(self, deadline):
        """Byte by byte a turn takes its time, and a resume would cross its later stops."""
        player = self.player
        with player.moved:
            player.moved.wait_for(lambda: not player.playing or player.over, deadline - time.monotonic())

    def wait_end(self):
        """The server has gone: the bridge must tell, or have left as it was told."""
        self.editor.wait_until(self.ended_event, 'the end')

    def wait_stop_or_move(self, turn, deadline):
        """True when the editor was told of a stop; the bridge passes over some by itself."""
        def found():
            return (self.ended_event() or self.player.turn > turn or self.player.over or
                    time.monotonic() > deadline or self.editor.find_event('stopped', lambda body: True))
        while True:
            try:
                event = self.editor.wait_until(found, 'a stop', 0.05)
                break
            except AssertionError:
                if self.editor.over:
                    return False
        if self.player.over and not isinstance(event, dict):
            self.wait_end()
        if isinstance(event, dict) and event.get('event') == 'stopped':
            self.thread = event['body']['threadId']
            return self.player.turn == turn
        return False

    def look_as_recorded(self, turn):
        self.ask('threads')
        frames = (self.ask('stackTrace', threadId=self.thread) or {}).get('stackFrames', [])
        if not frames:
            return
        for scope in (self.ask('scopes', frameId=frames[0]['id']) or {}).get('scopes', [])[:1]:
            self.ask('variables', variablesReference=scope['variablesReference'])
        for question in self.player.script.questions[turn][:4]:
            self.ask('evaluate', expression=question.text, context='watch',
                     frameId=frames[min(question.frame, len(frames) - 1)]['id'])

    # ---- outcomes

    def outcome(self, patience=20):
        """How it ended: 'refused', 'ended', 'exited' or 'done', each in order, or an AssertionError."""
        editor = self.editor
        reached = self.drive(patience)
        answer = editor.responses[self.attach]
        if not answer['success']:
            sessions.check_sentence(answer['message'])
            kind = 'refused'
        elif self.over():
            editor.wait_until(self.ended_event, 'terminated')
            kind = 'ended' if self.important() else 'exited'
            if self.important():
                sessions.check_sentence(self.important())
        else:
            kind = 'done' if reached else 'stuck'
        self.leave(idle=False)
        return kind

    def events(self):
        """What the editor was told, but for what depends on the moment."""
        told = self.editor.events
        stops = [(one['body']['reason'], one['body'].get('threadId'), one['body'].get('text')) for one in told
                 if one['event'] == 'stopped']
        return {'stops': stops, 'output': self.editor.output(),
                'threads': sorted((one['body']['reason'], one['body']['threadId']) for one in told
                                  if one['event'] == 'thread')}

    def modules(self):
        """They are told a moment after the configuration, when some sessions are over already."""
        return sorted({one['module'].get('path', '') for one in self.editor.all_events('module')})
