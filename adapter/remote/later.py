# with: debugger_module.py
"""Compiling is most of what an attach costs, and most of the drop guard is for what seldom happens: here a
function or class is compiled when it is first called. Those of a program that asks for this file come as one
text, `put_off` (embed.py, remote.c).
"""


def stub(name):
    def run(*arguments, **named):
        return now(name)(*arguments, **named)
    return run


def now(name):
    """What the stub stands for; for whoever keeps it, since through the stub each call is three."""
    text = texts.get(name)
    if text is not None:  # another thread may be just as far
        eval(compile(text, '<bridge>', 'exec', 0, True), globals())
        texts.pop(name, None)
    return globals()[name]


texts = {}
for text in put_off.split('\n\n'):
    name = text[text.index(' ') + 1:text.index('(')]
    texts[name] = text
    globals()[name] = stub(name)
