# with: reply.py
"""The whole repr of a value. Argument: `expression`."""


def rows():
    return [row(repr(value_of(expression)))]


r = reply(rows)
