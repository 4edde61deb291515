"""A small script language for ptvsd servers that misbehave, on every wire.

A *message* is a list of the byte pieces (fields) it is made of; `whole()` joins them. A *step* is a
message, bytes, a list of steps, or a function of the `Peer` (one_by_one, pause, fin, rst, stall ...).
`Honest` is a well-behaved little server: one thread, one module, the attach stop, a breakpoint that hits,
values, children, pauses, steps, a detach. A test replaces one of its reactions by other steps:

    Honest(Binary(6), execute=[fin])                        # closes when asked to evaluate
    Honest(Json(8), resume=Once(lambda s, c: [...]))        # once; honest afterwards
    Honest(wire, after_attach=[junk])                       # honest, then something more

(The name of this file is not `servers`, as tests/live has a module of that name.)
"""
import collections
import json
import socket
import struct
import threading
import time
import traceback

from wires import *  # noqa: F401,F403 - the language is one, in two files


# ---- the honest server ------------------------------------------------------------------------------


class Honest(object):
    """Serves one connection. Reactions (greeting, let_in, attach, and the names of commands) can be
    replaced by steps, or by a function (server, command) that gives steps, or None to stay honest;
    `before_...` and `after_...` come beside the honest ones."""

    def __init__(self, wire, **instead):
        self.wire, self.instead = wire, instead
        self.breakpoints, self.commands, self.faults = [], [], []
        self.counts = collections.Counter()
        self.stopped, self.hit_told, self.detached = {THREAD}, False, False  # it waits at the attach stop
        self.heard = threading.Condition()

    def peer_at(self, connection):
        return Peer(connection)

    def __call__(self, connection):
        self.peer = self.peer_at(connection)
        try:
            self.serve()
        except (Over, OSError):
            pass
        except Exception:
            self.faults.append(traceback.format_exc())
        finally:
            connection.close()

    def serve(self):
        wire = self.wire
        self.react('greeting', None)
        self.react('let_in', wire.hear_secret(self.peer))
        self.react('attach', wire.hear_attach(self.peer))
        while True:
            command = wire.hear(self.peer)
            if command.name == 'execute' and "'<bridge>'" in command.text:
                command.name = 'program'  # one that the bridge runs for itself
            with self.heard:
                self.commands.append(command)
                self.counts[command.name] += 1
                self.heard.notify_all()
            self.react(command.name, command)

    def react(self, name, command):
        for place in ('before_', '', 'after_'):
            steps = self.chosen(place + name, command)
            if steps is None and not place:
                steps = getattr(self, 'on_' + name, self.on_other)(command)
            self.peer.play(steps or [])

    def chosen(self, name, command):
        steps = self.instead.get(name)
        if isinstance(steps, Once) or (callable(steps) and steps not in (fin, rst, stall)):
            return steps(self, command)
        return [steps] if callable(steps) else steps

    def count(self, name):
        with self.heard:
            return self.counts[name]

    def wait_for(self, name, count=1, timeout=15):
        """Until so many commands of this name were heard."""
        with self.heard:
            found = self.heard.wait_for(lambda: self.counts[name] >= count, timeout)
        assert found, 'the bridge never sent %s' % name

    def say(self, steps):
        """From another thread than the server's: for what comes out of the blue."""
        self.peer.play(steps)

    # reactions

    def on_greeting(self, command):
        return self.wire.greeting()

    def on_let_in(self, command):
        return self.wire.let_in()

    def arrival(self):
        """What follows the accepted attach, up to the attach stop."""
        wire = self.wire
        return [wire.started(), wire.module(), wire.modules_changed(), wire.frames(frames=attach_stack()),
                wire.loaded()]

    def on_attach(self, command):
        return [self.wire.attached()] + self.arrival()

    def on_set_breakpoint(self, command):
        self.breakpoints.append(command.id)
        return [self.wire.acknowledge(command), self.wire.bound(command.id)]

    def resumed(self, command):
        if not self.stopped:
            self.faults.append('%s while nothing is stopped' % command.name)
        self.stopped.clear()

    def stop(self, message):
        self.stopped.add(THREAD)
        return [self.wire.frames(), message]

    def on_resume(self, command):
        self.resumed(command)
        steps = [self.wire.acknowledge(command)]
        if self.breakpoints and not self.hit_told:
            self.hit_told = True
            steps += self.stop(self.wire.hit(self.breakpoints[0]))
        return steps

    def on_step(self, command):
        self.resumed(command)
        return [self.wire.acknowledge(command)] + self.stop(self.wire.stepped())

    def on_pause(self, command):
        return [self.wire.acknowledge(command)] + self.stop(self.wire.broke())

    def value(self, words):
        """What an expression gives; the bridge asks by itself which names are locals."""
        if words.startswith('(lambda l:'):
            return obj("'11'", 'str', length=2, flags=16)
        return obj('42', hex_='0x2a')

    def on_execute(self, command):
        wire = self.wire
        return [wire.acknowledge(command), wire.frames(), wire.result(command.token, self.value(command.text))]

    def on_program(self, command):
        return [self.wire.acknowledge(command), self.wire.result(command.token, obj("'guarded'", 'str', length=7))]

    def on_children(self, command):
        child = ("['lives']", "player['lives']", obj('3', hex_='0x3'))
        return [self.wire.acknowledge(command), self.wire.children_are(command.token, [child])]

    def on_hit_count(self, command):
        return self.wire.count(command)

    def on_detach(self, command):
        self.detached = True
        return [self.wire.acknowledge(command), self.wire.detached()]

    def on_other(self, command):
        """Needs no more than an acknowledgement; the farewell of the JSON wires ends the session."""
        steps = [self.wire.acknowledge(command)]
        return steps + [fin] if command.name == 'other' and isinstance(self.wire, Json) else steps
