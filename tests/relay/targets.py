"""Servers that speak DAP themselves, under the same programs as ptvsd in tests/live."""

import functools
import os
import zlib

import dap
import packages
import servers

HERE = os.path.dirname(os.path.abspath(__file__))
# The newest Python that is here comes last: the first of these there is.
NEWEST = ('3.14', '3.13', '3.12')
PYTHONS = {'4.3.2': ('2.7', '3.6', '3.8', '3.11'), 'debugpy': ('3.8', '3.11') + NEWEST}
SHIMS = {'4.3.2': 'ptvsd4', 'debugpy': 'debugpy'}


class Pair(object):
    """As in tests/live, whose choice of pairs does not concern these."""
    wire = 9  # behind all of ptvsd's own

    def __init__(self, release, python):
        self.release, self.python = release, python

    def __str__(self):
        return '%s-%s' % (self.release, self.python.label)


@functools.lru_cache(maxsize=None)
def matrix():
    """PTVSD_DAP_TARGETS="4.3.2 debugpy" and PTVSD_DAP_PYTHONS choose among them."""
    wanted = os.environ.get('PTVSD_DAP_TARGETS', '').split() or sorted(PYTHONS)
    chosen = os.environ.get('PTVSD_DAP_PYTHONS', '').split()
    pairs = []
    for release in wanted:
        newest_found = False
        for name in PYTHONS[release]:
            if chosen and name not in chosen:
                continue
            python = servers.find_python(name)
            if name in NEWEST and (newest_found or not python.path):
                continue
            newest_found = newest_found or name in NEWEST
            pairs.append(Pair(release, python))
    return pairs


def is_wanted(test, pair, both):
    """Each test runs on one pair; with `both`, on one of each server. PTVSD_DAP_WHOLE=1 runs all on all."""
    if 'PTVSD_DAP_WHOLE' in os.environ or 'PTVSD_DAP_PYTHONS' in os.environ or not pair.python.path:
        return True
    there = [other for other in matrix() if other.python.path and (not both or other.release == pair.release)]
    return there[zlib.crc32(test.encode()) % len(there)] is pair


def package(pair):
    """The last debugpy that runs on Python 3.8 is an older one."""
    if pair.release != 'debugpy':
        return packages.ptvsd(pair.release)
    return packages.debugpy('1.8.21' if pair.python.version == (3, 8) else None)


def places(pair):
    return [os.path.join(HERE, 'shims', SHIMS[pair.release]), package(pair)]


class Target(servers.Debuggee):
    def environment(self, with_bytecode=False, ptvsd=None):
        return super().environment(with_bytecode, ptvsd or os.pathsep.join(places(self.pair)))


class Client(dap.Client):
    """Gives no secret, and asks debugpy for what ptvsd tells by itself."""

    tells_stops_once = False  # whatever they tell is passed on

    def start_attach(self, debuggee=None, **how):
        if debuggee is not None:
            how = dict({'host': '127.0.0.1', 'port': debuggee.port, 'redirectOutput': True}, **how)
            how.pop('secret', None)
        return super().start_attach(None, **how)
