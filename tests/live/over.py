"""The ways to a debuggee besides plain TCP. PTVSD_DAP_OVER names the one by which all tests attach that start a
program: whatever it needs is started in front of the program's port, and ends with it.

    PTVSD_DAP_OVER=tcps python3 -m pytest tests/live"""

import os

WAYS = {}  # name: a class; way(port) starts what is needed; .uri() gives the address, .more what else is said to
#            get there, .end() ends it
open_ways = {}


def by_name(name):
    def keep(way):
        WAYS[name] = way
        return way
    return keep


def where(port, secret, name=None):
    """The attach attributes that lead to the program at this port."""
    name = name or os.environ.get('PTVSD_DAP_OVER')
    if not name:
        return {'host': '127.0.0.1', 'port': port, 'secret': secret}
    if (name, port) not in open_ways:
        open_ways[name, port] = WAYS[name](port)
    way = open_ways[name, port]
    return dict(getattr(way, 'more', {}), uri=way.uri(), secret=secret)


def end(port=None):
    """The program at this port has ended; None: all."""
    for key in [key for key in open_ways if port in (None, key[1])]:
        open_ways.pop(key).end()


import over_tls  # noqa: E402,F401
