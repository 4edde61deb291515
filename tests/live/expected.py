"""Where steps must end, told from the events that sys.settrace gives for the same program on the same
Python, and from ptvsd's rules: over ends at the frame's next line of another number; into ends at the
first line of a function called before that; leaving a frame, by any of the three, ends in the caller on
the line of the call."""

import collections
import json
import os

import servers

Event = collections.namedtuple('Event', 'kind function file line depth')


def record(debuggee):
    """The events of the debuggee's program, run once more without debugger."""
    said = debuggee.run([os.path.join(servers.HERE, 'record.py'), debuggee.file],
                        ptvsd=os.path.join(servers.HERE, 'stub'))
    events = [Event(*json.loads(line[1:])) for line in said.splitlines() if line.startswith('@')]
    return [event for event in events if event.kind in ('call', 'line', 'return')]


class Walk(object):
    """A stopped thread that walks through recorded events by steps."""

    def __init__(self, events, line):
        self.events = events
        self.at = next(i for i, event in enumerate(events) if (event.kind, event.line) == ('line', line))
        self.depth, self.line, self.function = events[self.at].depth, line, events[self.at].function

    @property
    def place(self):
        return self.function, self.line

    def stop(self, index, event):
        self.at, self.depth = index, event.depth
        self.line, self.function = event.line, event.function
        return self.place

    def caller(self, index):
        """The state of the calling frame: its last line event before this return."""
        depth = self.events[index].depth - 1
        event = next(one for one in reversed(self.events[:index]) if one.depth == depth and one.kind == 'line')
        return self.stop(index, event)

    def over(self, into=False):
        depth, stopped_on = self.depth, self.line
        for index in range(self.at + 1, len(self.events)):
            event = self.events[index]
            if event.kind == 'call' and into:
                depth, stopped_on, into = event.depth, None, False
            elif event.kind == 'line' and event.depth == depth and event.line != stopped_on:
                return self.stop(index, event)
            elif event.kind == 'return' and event.depth == depth:
                return self.caller(index)
        raise AssertionError('the recorded program ended')

    def into(self):
        return self.over(into=True)

    def out(self):
        for index in range(self.at + 1, len(self.events)):
            event = self.events[index]
            if event.kind == 'return' and event.depth == self.depth:
                return self.caller(index)
        raise AssertionError('the recorded program ended')
