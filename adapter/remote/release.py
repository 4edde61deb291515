# with: debugger_module.py
"""Frees a program whose debugger vanished. Runs in ptvsd's own REPL, its back door, behind the drop guard,
which knows how to let a program go; then undoes what the REPL has done to the program, and ends it.

ptvsd's REPL puts a module of its own in the place of `__main__`, itself behind sys.stdout and
sys.stderr, and prompts into sys.
"""


def repl():
    """The REPL that runs this: the `self` of its loop, which is among our callers."""
    frame = d.sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == 'execution_loop':
            return frame.f_locals['self']
        frame = frame.f_back


def give_main_back():
    import gc
    put = d.sys.modules.get('__main__')
    for module in gc.get_objects():
        if isinstance(module, type(d.sys)) and module is not put and module.__name__ == '__main__':
            d.sys.modules['__main__'] = module


def forget_prompts():
    if not d.sys.flags.interactive:
        for name in ('ps1', 'ps2'):
            if hasattr(d.sys, name):
                delattr(d.sys, name)


def release():
    guard = getattr(d, 'bridge_guard', None)
    if guard is None:
        return 'no: the drop guard could not be put in'
    heal, link = guard.__globals__['heal'], guard.__globals__['link']
    heal(link())
    return 'freed'


def disconnect(backend):
    """The streams are the program's again, and the REPL's two threads end with the next command. Its
    own streams are kept alive: print() borrows sys.stdout, and one that is under way would crash."""
    kept = getattr(d, 'bridge_repl_streams', [])
    kept.extend((d.sys.stdout, d.sys.stderr))
    d.bridge_repl_streams = kept
    loop = getattr(backend, 'debugger', None)
    if getattr(loop, 'repl_backend', None) is backend:
        loop.repl_backend = None
    backend.disconnect_from_debugger()


try:
    if d is None:
        r = 'no: this is not run by ptvsd'
    else:
        backend = repl()
        disconnect(backend)  # first, while nobody prints
        r = release()
        give_main_back()
        forget_prompts()
        backend.write_stdout('ptvsd-dap: ' + r + '\n')
except Exception as error:
    r = 'no: ' + type(error).__name__
