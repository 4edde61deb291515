"""ptvsd 4.x under the programs of tests/live, which give a secret: it takes none. Stands before the real
package on the path and puts it in its own place."""
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [place for place in sys.path if os.path.abspath(place or '.') != here]
shim = sys.modules.pop('ptvsd')
import ptvsd  # noqa: E402

real_enable_attach = ptvsd.enable_attach


def enable_attach(secret=None, address=('127.0.0.1', 5678), redirect_output=None):
    return real_enable_attach(address=address)


ptvsd.enable_attach = enable_attach
