# with: debugger_module.py
"""Removes breakpoints for good.

ptvsd's own removal leaves a breakpoint whose module is not loaded on the pending list, from which it
comes back and hits when the module is imported.

Argument: `ids`, the breakpoints.
"""


def id_of(pending):
    return getattr(pending, 'breakpoint_id', getattr(pending, 'brkpt_id', None))


def forget(ids):
    """Other threads may be iterating over these tables: each keeps its old object, and the outer
    dict keeps its keys."""
    before = d.PENDING_BREAKPOINTS
    d.PENDING_BREAKPOINTS = set(pending for pending in before if id_of(pending) not in ids)
    gone = len(before) - len(d.PENDING_BREAKPOINTS)
    for line, at_line in list(d.BREAKPOINTS.items()):
        kept = dict((key, value) for key, value in list(at_line.items()) if key[1] not in ids)
        gone += len(at_line) - len(kept)
        d.BREAKPOINTS[line] = kept
    return 'forgot %d' % gone


try:
    r = forget(set(ids)) if d else 'no: this is not run by ptvsd'
except Exception as error:
    r = 'no: ' + type(error).__name__
