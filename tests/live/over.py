"""The ways to a debuggee besides plain TCP. PTVSD_DAP_OVER names the one by which all tests attach that start a
program: whatever it needs is started in front of the program's port, and ends with it.

    PTVSD_DAP_OVER=ws python3 -m pytest tests/live"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import canary
import dap
import fakes
from servers import free_port  # which a test may set to the program's own, later

WAYS = {}  # name: a class; way(port) starts what is needed; .uri('hush-4711@') gives the address, .more what else is said to
#            get there, .end() ends it
PATIENCE = 30
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
    if port is None and Nginx.shared:
        Nginx.shared.end()
        Nginx.shared = None


def wait_for_port(port, process):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            return
        except OSError:
            assert time.monotonic() < deadline and process.poll() is None, '%s does not start' % process.args[0]
            time.sleep(0.05)


@by_name('ws')
class Proxy(object):
    """`ptvsd-dap proxy`. It must end well, with nothing to complain about."""

    def __init__(self, port, *options):
        self.process = subprocess.Popen(
            [dap.adapter_path(), 'proxy', '--listen', '0'] + list(options) + ['127.0.0.1:%d' % port],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
            start_new_session=True)
        self.said = self.process.stdout.readline()
        found = re.match(r'Attach to ws://SECRET@127\.0\.0\.1:(\d+)(/\S*);', self.said)
        assert found, 'the proxy says %r' % (self.said or self.process.communicate()[1])
        self.port, self.path = int(found.group(1)), found.group(2)

    def uri(self, user=''):
        return 'ws://%s127.0.0.1:%d%s' % (user, self.port, self.path)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        said, complaints = self.process.communicate(timeout=PATIENCE)
        assert (self.process.returncode, said, complaints) == (0, '', '')


@by_name('ws-bytes')
class Bytes(Proxy):
    """Each byte in a segment of its own, both ways, between the adapter and the proxy; of much that comes at once,
    the beginning and the end: megabytes would take minutes."""

    def __init__(self, port):
        Proxy.__init__(self, port)
        self.relay = fakes.Server(self.relay_bytes)

    def relay_bytes(self, peer):
        fakes.join(peer, socket.create_connection(('127.0.0.1', self.port)), send_bytes)

    def uri(self, user=''):
        return 'ws://%s127.0.0.1:%d%s' % (user, self.relay.port, self.path)

    def end(self):
        self.relay.close()
        Proxy.end(self)


def send_bytes(sink, data):
    sink.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    middle = data[2000:-2000]
    for piece in [data[at:at + 1] for at in range(min(len(data), 2000))] + [middle] * bool(middle) + [
            data[at:at + 1] for at in range(2000 + len(middle), len(data))]:
        sink.sendall(piece)


@by_name('websockify')
class Websockify(object):
    """As it comes from PyPI; where to is looked up in a file, by the token in the address."""

    def __init__(self, port, path='/some/path'):
        self.path = path
        self.directory, self.port = tempfile.mkdtemp(), free_port()
        with open(os.path.join(self.directory, 'one'), 'w') as tokens:
            tokens.write('one: 127.0.0.1:%d\n' % port)
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'websockify', '--token-plugin', 'TokenFile', '--token-source', self.directory,
             '127.0.0.1:%d' % self.port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        wait_for_port(self.port, self.process)

    def uri(self, user=''):
        return 'ws://%s127.0.0.1:%d%s?token=one' % (user, self.port, self.path)

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.directory)


NGINX = '''
daemon off; master_process off; pid {dir}/pid; error_log {dir}/errors;
events {{ worker_connections 200; }}
http {{
    access_log off;
    client_body_temp_path {dir}/1; proxy_temp_path {dir}/2; fastcgi_temp_path {dir}/3; uwsgi_temp_path {dir}/4;
    scgi_temp_path {dir}/5;
    server {{
        listen 127.0.0.1:{port};
        location ~ ^/(\\d+)/(.*)$ {{
            proxy_pass http://127.0.0.1:$1/$2$is_args$args;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
        }}
        location ~ ^/without/(\\d+)/(.*)$ {{
            proxy_pass http://127.0.0.1:$1/$2$is_args$args;
        }}
    }}
}}
'''


class Nginx(object):
    """One for all: the port of the proxy behind it is part of the path. /without/: as if nobody had told it of
    WebSockets."""

    program = shutil.which('nginx', path=os.environ.get('PATH', '') + ':/usr/sbin')
    shared = None

    def __init__(self):
        self.directory, self.port = tempfile.mkdtemp(), free_port()
        configuration = os.path.join(self.directory, 'nginx.conf')
        with open(configuration, 'w') as file:
            file.write(NGINX.format(dir=self.directory, port=self.port))
        self.process = subprocess.Popen([self.program, '-p', self.directory, '-c', configuration, '-e',
                                         self.directory + '/errors'], stderr=subprocess.DEVNULL)
        wait_for_port(self.port, self.process)

    def end(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.directory)


@by_name('nginx')
class BehindNginx(Proxy):
    """Our proxy behind nginx, on a path of its own."""

    def __init__(self, port, *options):
        Nginx.shared = Nginx.shared or Nginx()
        Proxy.__init__(self, port, *options)
        self.front, self.path = Nginx.shared.port, '/%d%s' % (self.port, self.path)

    def uri(self, user=''):
        return 'ws://%s127.0.0.1:%d%s' % (user, self.front, self.path)


class Through(object):
    """Programs behind something, by name."""

    def __init__(self, name):
        self.name, self.open = name, {}

    def uri(self, debuggee, secret=canary.SECRET):
        if debuggee.port not in self.open:
            self.open[debuggee.port] = WAYS[self.name](debuggee.port)
        return self.open[debuggee.port].uri(secret + '@')

    def end(self):
        for one in self.open.values():
            one.end()


def at_work(client, program, way):
    client.attach(uri=way.uri(program), breakpoints={program.file: [program.line('work')]})
    return client.wait_stopped('breakpoint')


import over_tls  # noqa: E402,F401
