"""The binaries of packaging/out in systems that have nothing but themselves: bare Debians of other years, and a folder
with nothing in it at all. packaging/check.sh makes the systems and runs this; PTVSD_DAP_SYSTEMS names their folder."""

import glob
import os
import re
import shutil
import socket
import subprocess

import pytest

import dap
import name_server
import servers
from test_tls_ptvsd import ALLOWS_OLD

SYSTEMS = os.environ.get('PTVSD_DAP_SYSTEMS')
OUT = os.path.join(dap.REPOSITORY, 'packaging', 'out')
BARE = 'nothing'
GLIBC = (2, 17)
PARTS_OF_GLIBC = {'libc.so.6', 'libpthread.so.0', 'libdl.so.2', 'librt.so.1', 'libm.so.6'}
# Where distributions keep what they trust, by whom.
STORES = {'debian': '/etc/ssl/certs/ca-certificates.crt', 'red hat': '/etc/pki/tls/certs/ca-bundle.crt',
          'red hat 7': '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', 'suse': '/etc/ssl/ca-bundle.pem',
          'alpine': '/etc/ssl/cert.pem'}
HOST = 'factory.example.test'

if not SYSTEMS:
    pytest.skip('PTVSD_DAP_SYSTEMS does not name bare systems: packaging/check.sh', allow_module_level=True)
if [name for _, name in socket.if_nameindex()] != ['lo']:
    pytest.skip('a network namespace of its own is needed: packaging/check.sh', allow_module_level=True)


def binaries():
    return sorted(os.path.basename(path)[len('ptvsd-dap-'):] for path in glob.glob(OUT + '/ptvsd-dap-*-x64'))


def is_static(target):
    return target.startswith('alpine')


def debians():
    found = sorted(os.path.basename(path) for path in glob.glob(SYSTEMS + '/*') if os.path.isdir(path))
    return [(target, name) for target in binaries() for name in found]


def nothings():
    """Without a C library only the static one runs."""
    return [(target, BARE) for target in binaries() if is_static(target)]


def on(systems):
    return pytest.mark.parametrize('system', systems, indirect=True, ids='-in-'.join)


class System(object):
    """A folder as the root of a binary."""

    def __init__(self, target, name, directory):
        self.bare, self.directory = name == BARE, str(directory)
        self.root = self.directory if self.bare else os.path.join(SYSTEMS, name)
        shutil.copy(os.path.join(OUT, 'ptvsd-dap-' + target), self.path('/ptvsd-dap'))
        os.makedirs(self.path('/etc'), exist_ok=True)
        self.write('/etc/resolv.conf', 'nameserver 127.0.0.1\nsearch example.test\n')

    def path(self, inside):
        return self.root + inside

    def write(self, inside, text):
        os.makedirs(os.path.dirname(self.path(inside)), exist_ok=True)
        with open(self.path(inside), 'w') as made:
            made.write(text)

    def command(self, *environment):
        """This machine may say in its environment what is to be trusted."""
        return ['env', '-i', 'PATH=' + os.environ['PATH']] + list(environment) + ['chroot', self.root, '/ptvsd-dap']

    def run(self, *arguments):
        return subprocess.run(['chroot', self.root] + list(arguments), stdin=subprocess.DEVNULL, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True).stdout

    def trust(self, pem):
        """As this system's administrator does it; None takes it back."""
        added = '/usr/local/share/ca-certificates/test.crt'
        if pem:
            self.write(added, open(pem).read())
        elif os.path.exists(self.path(added)):
            os.unlink(self.path(added))
        self.run('update-ca-certificates', '--fresh')


@pytest.fixture
def system(request, tmp_path):
    return System(*request.param, directory=tmp_path)


@pytest.fixture
def named():
    server = name_server.NameServer()
    yield
    server.end()


@pytest.fixture
def client(system, judge):
    """client('NAME=VALUE') starts the system's binary with that in its environment."""
    started = []

    def start(*environment):
        started.append(dap.Client(judge, command=system.command(*environment)))
        return started[-1]

    yield start
    for one in started:
        one.end()
        assert one.faults == [] and one.unanswered() == []


def oldest_python():
    return [pair for pair in servers.matrix() if pair.python.label == 'py2.7' and pair.python.path]


@pytest.fixture(params=oldest_python()[::6], ids=str)
def program(request, tmp_path, shelf):
    """Two wires, both under the Python whose TLS is as old as ptvsd's."""
    shelf.make('factory', alternatives=[HOST])
    (tmp_path / 'openssl.cnf').write_text(ALLOWS_OLD)
    started = []

    def start(name, *arguments):
        started.append(servers.Debuggee(request.param, name, tmp_path / 'debuggee', arguments,
                                        settings={'OPENSSL_CONF': str(tmp_path / 'openssl.cnf')}))
        return started[-1]

    yield start
    for one in started:
        one.end()


def works(client, program, **where):
    client.attach(breakpoints={program.file: [program.line('work')]}, **where)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', program.line('work'))
    client.disconnect()
    program.goes_on()


def tcps(program, host=HOST):
    return 'tcps://hush-4711@%s:%d' % (host, program.port)


@on(debians() + nothings())
def test_runs(system):
    assert re.match(r'ptvsd-dap [0-9.]+\n$', system.run('/ptvsd-dap', '--version'))


@pytest.mark.parametrize('target', binaries())
def test_leans_on_little(target):
    said = subprocess.run(['readelf', '-dVW', os.path.join(OUT, 'ptvsd-dap-' + target)], check=True,
                          stdout=subprocess.PIPE, universal_newlines=True).stdout
    assert set(re.findall(r'\(NEEDED\).*\[(.*)\]', said)) <= (set() if is_static(target) else PARTS_OF_GLIBC)
    assert all(tuple(map(int, one.split('.')[:2])) <= GLIBC for one in re.findall(r'GLIBC_([\d.]+)', said))


@pytest.mark.parametrize('target', binaries())
def test_tells_no_place(target):
    """Neither of this tree nor of a home."""
    with open(os.path.join(OUT, 'ptvsd-dap-' + target), 'rb') as binary:
        said = binary.read()
    assert dap.REPOSITORY.encode() not in said and b'build-run' not in said


@on(debians() + nothings())
@pytest.mark.parametrize('host', ['127.0.0.1', 'factory', 'both.example.test'])
def test_attach_by_name(system, client, program, named, host):
    one = program('loop.py')
    works(client(), one, host=host, port=one.port, secret='hush-4711')


@on(debians() + nothings())
def test_name_that_does_not_exist(system, client, named):
    assert 'nowhere.example.test' in client().attach_refused(host='nowhere.example.test', port=1)


@on([(target, name) for target, name in debians() if not is_static(target)])
def test_name_of_a_module_of_nsswitch(system, client, program, named):
    """As mDNS names (raspberrypi.local) are: with glibc alone."""
    one = program('loop.py')
    works(client(), one, host='any.localhost', port=one.port, secret='hush-4711')


@on(debians())
def test_what_the_system_trusts(system, client, program, named, shelf):
    one = program('encrypted.py', shelf.path('factory.both'))
    system.trust(None)
    assert 'who issued it' in client().attach_refused(uri=tcps(one))
    system.trust(shelf.pem('root'))
    works(client(), one, uri=tcps(one))


@on(nothings())
@pytest.mark.parametrize('store', STORES.values(), ids=list(STORES))
def test_where_systems_keep_it(system, client, program, named, shelf, store):
    """With the directories that such systems have beside it, whose files are no hashed ones."""
    os.makedirs(system.path('/etc/ssl/certs'))
    system.write('/etc/ssl/certs/make-dummy-cert', '')
    system.write(store, open(shelf.pem('root')).read())
    one = program('encrypted.py', shelf.path('factory.both'))
    works(client(), one, uri=tcps(one))


@on(debians() + nothings())
@pytest.mark.parametrize('variable', ['SSL_CERT_FILE', 'SSL_CERT_DIR'])
def test_what_the_environment_trusts(system, client, program, named, shelf, variable):
    if not system.bare:
        system.trust(None)
    system.write('/trust/%08x.0' % shelf.name_hash('root'), open(shelf.pem('root')).read())
    where = {'SSL_CERT_DIR': '/trust', 'SSL_CERT_FILE': '/trust/%08x.0' % shelf.name_hash('root')}[variable]
    one = program('encrypted.py', shelf.path('factory.both'))
    works(client('%s=%s' % (variable, where)), one, uri=tcps(one))
