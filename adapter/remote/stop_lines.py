# with: lines.py
"""The line tables of a file, from its text: for each function, class body, and first the module, the first
and last line, and those where Python stops; outer ones before inner ones. No row: there is no text.

Argument: `file`, as for source.py.
"""


def scopes(code, found):
    """Comprehensions and lambdas count as a part of what they stand in."""
    lines = body(code)
    mine = [code.co_firstlineno + 1, 0, lines]
    found.append(mine)
    waiting, last = inner(code), 0
    while waiting:
        one = waiting.pop(0)
        if one.co_name in INNER:
            lines.extend(starts(one))
            waiting.extend(inner(one))
        else:
            last = max(last, scopes(one, found))
    mine[1] = max(lines + [last])
    mine[2] = sorted(set(lines))
    return mine[1]


def rows():
    text = found_text(file)
    if text is None:
        return []
    found = []
    scopes(compiled(text, wanted), found)
    found[0][0] = 1
    return [row(str(first), str(last), ' '.join([str(one) for one in lines])) for first, last, lines in found]


r = reply(rows)
