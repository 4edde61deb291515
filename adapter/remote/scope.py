# with: debugger_module.py
"""What the user's expressions see: the globals and locals of the frame that evaluates our text."""


def asking_frame():
    frame = d.sys._getframe()
    while frame.f_back.f_globals is not d.__dict__:
        frame = frame.f_back
    return frame


def value_at(code, frame):
    """With the locals for the functions in it, too, which see globals alone: comprehensions, lambdas (writes.h)."""
    names = frame.f_globals
    if [1 for one in code.co_consts if type(one) is type(code)]:
        names = dict(names)
        names.update(frame.f_locals)
    return eval(code, names, frame.f_locals)
