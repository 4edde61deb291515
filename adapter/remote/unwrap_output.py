# with: later.py
"""Undoes the doubled output of a re-attach.

ptvsd 2.2.0 and later wrap sys.stdout and sys.stderr once more at each attach and never unwrap them:
after n attaches every line is sent n times. Here each wrapper gets the program's own stream behind
it, so that one which the program has kept sends once as well; and no later attach wraps again.
"""


def wrappers(stream):
    """The stream's wrappers, outermost first."""
    found = []
    while isinstance(stream, d._DebuggerOutput) and stream not in found:
        found.append(stream)
        stream = stream.old_out
    return found


def unwrap(stream):
    """The number of wrappers too many."""
    chain = wrappers(stream)
    if len(chain) < 2:
        return 0
    own = chain[-1].old_out
    for wrapper in chain:
        wrapper.old_out = own
        if hasattr(own, 'buffer') and hasattr(wrapper, 'buffer'):  # Python 3: it wraps that too
            wrapper.buffer.buffer = own.buffer
    return len(chain) - 1


def enable_output_redirection():
    """Instead of ptvsd's: wraps what is not wrapped yet."""
    out, err = d.sys.stdout, d.sys.stderr
    wrap_both()
    if isinstance(out, d._DebuggerOutput):
        d.sys.stdout = out
    if isinstance(err, d._DebuggerOutput):
        d.sys.stderr = err


def unwrap_output():
    if not hasattr(d, 'bridge_unwrap'):
        d.bridge_unwrap = d.enable_output_redirection
        d.enable_output_redirection = enable_output_redirection
    return 'unwrapped %d' % (unwrap(d.sys.stdout) + unwrap(d.sys.stderr))


try:
    if d is None:
        r = 'no: this is not run by ptvsd'
    else:
        wrap_both = getattr(d, 'bridge_unwrap', d.enable_output_redirection)
        r = unwrap_output()
except Exception as error:
    r = 'no: ' + type(error).__name__
