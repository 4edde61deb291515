# with: texts.py
"""Where Python can stop: the line tables of code, of functions in the program or compiled from a text.
"""

INNER = ('<lambda>', '<listcomp>', '<setcomp>', '<dictcomp>', '<genexpr>')


def starts(code):
    """The lines at which statements begin, in the order of the code; dis may not be loaded."""
    if hasattr(code, 'co_lines'):
        return [line for _, _, line in code.co_lines() if line]
    lines, line, signed = [], code.co_firstlineno, d.sys.version_info >= (3, 6)
    table = bytearray(code.co_lnotab)
    for step, more in zip(table[0::2], table[1::2]):
        if step:
            lines.append(line)
        line += more - 256 if signed and more >= 128 else more
    return lines + [line]


def body(code):
    """The lines inside: from 3.11 on a function begins with an instruction of its `def` line, at which no
    line is reported."""
    lines = starts(code)
    inside = [line for line in lines if line != code.co_firstlineno]
    is_module = code.co_name == '<module>'
    return inside if inside and d.sys.version_info >= (3, 11) and not is_module else lines


def first_line(code):
    """Of a function's body."""
    return ([line for line in starts(code) if line > code.co_firstlineno] or [code.co_firstlineno])[0]


def inner(code):
    return [one for one in code.co_consts if isinstance(one, type(code))]


def compiled(text, path, flags=0):
    """A text with a coding cookie, too."""
    if isinstance(text, text_type) and d.sys.version_info[0] == 2:
        text = codecs.utf_8_encode(text)[0]
    return quietly_compiled(text, path, flags)
