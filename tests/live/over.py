"""The live suite over something other than bare TCP: PTVSD_DAP_OVER=tcps. One more way is a class like Tcps and a
row in WAYS."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


class Tcps(object):
    """TLS, ended by one tls_relay.py for all programs."""

    def __init__(self, directory):
        import certificates  # which needs a package that nothing else does
        shelf = certificates.shelf(directory)
        self.root = shelf.pem('root')
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, 'tls_relay.py'), shelf.pem('good'), shelf.private('good')],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, universal_newlines=True)

    def open(self, port):
        """A way to this port: (what an attach says instead of host and port, what closes it)."""
        self.tell(port)
        own = int(self.process.stdout.readline())
        return {'uri': 'tcps://127.0.0.1:%d' % own, 'tlsCaFile': self.root}, lambda: self.tell(-own)

    def tell(self, port):
        self.process.stdin.write('%d\n' % port)
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


WAYS = {'tcps': Tcps}


def wanted():
    """The class, or None for bare TCP."""
    name = os.environ.get('PTVSD_DAP_OVER')
    if name and name not in WAYS:
        raise ValueError('PTVSD_DAP_OVER is none of %s' % ', '.join(sorted(WAYS)))
    return WAYS[name] if name else None
