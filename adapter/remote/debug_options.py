# with: debugger_module.py
"""Sets the options that ptvsd 2.0 and 2.1 have but cannot be sent to them.

They survive detach and re-attach there, so the values they had before are kept, to be put back.

Argument: `options`, a dict of some of the names below; an empty one puts the old values back.
"""

NAMES = ('DEBUG_STDLIB', 'BREAK_ON_SYSTEMEXIT_ZERO', 'DJANGO_DEBUG')


def set_options(options):
    for name in options:
        if name not in NAMES or not hasattr(d, name):
            return 'no: there is no option ' + name
    if not hasattr(d, 'bridge_options'):
        d.bridge_options = dict((name, getattr(d, name)) for name in NAMES if hasattr(d, name))
    for name, value in (options or d.bridge_options).items():
        setattr(d, name, value)
    return 'set' if options else 'restored'


try:
    r = set_options(options) if d else 'no: this is not run by ptvsd'
except Exception as error:
    r = 'no: ' + type(error).__name__
