"""Who may include whom (HACKING.md, "The rules of the rooms"), and no file above 600 lines."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
STORES = {'breakpoints.h', 'exception_modes.h', 'handles.h', 'modules.h', 'sources.h', 'threads.h', 'used_globals.h'}
ONE_SYSTEM = re.compile(r'__linux__|\bTCP_QUICKACK,|\bSIOCOUTQ\b|\bprctl\(|<linux/')


def includes(path):
    return set(re.findall(r'^#include [<"]([^>"]+)[>"]', path.read_text(), re.M))


def faults():
    adapter = {path.name for path in (ROOT / 'adapter').glob('*.h')}
    for path in sorted((ROOT / 'protocol').glob('*.[ch]')):
        for name in includes(path):
            if name in adapter or name == 'uv.h' or name.startswith('openssl/'):
                yield '%s includes %s: protocol/ does no I/O and knows nothing above it' % (path.name, name)
    for path in sorted((ROOT / 'adapter').glob('*.[ch]')):
        found = includes(path)
        if path.name.startswith('stream') and 'session.h' in found:
            yield '%s includes session.h: a stream knows nothing of sessions' % path.name
        if path.name.startswith('proxy') and found & {'session.h', 'debuggee.h', 'client.h', 'config.h', 'reach.h'}:
            yield '%s includes a part of the session: the proxy is a program of its own' % path.name
        if path.name.startswith('debuggee') and (found & STORES or 'session.h' in found or 'client.h' in found):
            yield '%s includes a store, the session or the client: the debuggee knows nothing of DAP' % path.name
        if path.suffix == '.h' and path.name != 'session.h' and len(found & STORES) > 1:
            yield '%s includes several stores: only session.h knows them all' % path.name
        if not path.name.startswith('debuggee') and 'wire_encode(' in path.read_text():
            yield '%s calls wire_encode(): only the debuggee talks to a wire' % path.name
        if not path.name.startswith('platform_') and ONE_SYSTEM.search(path.read_text()):
            yield '%s holds what one system alone has: that is what platform.h is for' % path.name
    for folder in ('protocol', 'adapter', 'tests', 'demo'):
        for path in sorted((ROOT / folder).rglob('*')):
            if path.suffix in ('.c', '.h', '.py') and len(path.read_text().splitlines()) > 600:
                yield '%s has more than 600 lines: a second subject has moved in' % path.relative_to(ROOT)


FAULTS = list(faults())
print('\n'.join(FAULTS))
sys.exit(bool(FAULTS))
