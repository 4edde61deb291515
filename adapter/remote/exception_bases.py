# with: reply.py
"""ptvsd looks up the exact name of an exception's type. With this, types that derive from one that the editor
has named are stopped at, too.

Arguments: `bases`, those names as ptvsd has them, each with whether what is wanted of its own bases is wanted of it,
too; `exact`, names that hold for no other type, whatever their bases. What is replaced is replaced once, and stays;
the drop guard takes the names away at a detach.
"""

ours = set()  # names that are in ptvsd's table by this
MARK = 'bridge.bases'  # no exception has this name: `ours` are of the table that has it, which ptvsd clears to set it


def name_of(kind):
    if hasattr(d, 'get_exception_name'):
        return d.get_exception_name(kind)
    return kind.__module__ + '.' + kind.__name__


def inherited(kind, modes):
    """What is wanted of it: by the nearest type that was named, and as long as they add up by those behind it."""
    mode = None
    for base in kind.__mro__:
        name = name_of(base)
        if name in d.bridge_bases and name in modes:
            mode = (mode or 0) | modes[name]
            if not d.bridge_bases[name]:
                break
    return mode


def learn(kind):
    modes, name = d.BREAK_ON.break_on, name_of(kind)
    if MARK not in modes:
        ours.clear()
        modes[MARK] = 0
    mode = None if name in d.bridge_exact else inherited(kind, modes)
    if mode is not None:
        modes[name] = mode
        ours.add(name)
    elif name in ours:
        ours.discard(name)
        if name not in d.bridge_exact:
            modes.pop(name, None)


def should_break(thread, kind, *more):
    """Called by ptvsd's trace function, which nothing may leave that it does not expect."""
    try:
        if d.bridge_bases:
            learn(kind)
    except Exception:
        pass  # Python 2's classes without bases to tell; ptvsd fills its table just now
    return original(thread, kind, *more)


def rows():
    global original
    if not hasattr(d, 'bridge_bases'):
        method = 'should_break' if hasattr(d.BREAK_ON, 'should_break') else 'ShouldBreak'
        original = getattr(d.BREAK_ON, method)
        setattr(d.BREAK_ON, method, should_break)
    d.bridge_bases, d.bridge_exact = bases, set(exact)
    return [row('set')]


r = reply(rows)
