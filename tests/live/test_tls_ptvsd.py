"""Real ptvsd with a certificate, over tcps://. It speaks TLS 1.0 alone, which an OpenSSL 3 allows its server only
by configuration, and Python from 3.10 on not even then."""

import signal

import pytest

from test_failures import refused_attach

pytestmark = [pytest.mark.pythons('py2.7', 'py3.6', 'py3.9'), pytest.mark.two_pythons]
ALLOWS_OLD = ('openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = old\n'
              '[old]\nMinProtocol = TLSv1\nCipherString = DEFAULT:@SECLEVEL=0\n')


@pytest.fixture
def encrypted(debuggee, shelf, tmp_path):
    """encrypted('good') starts the program with that certificate."""
    def start(leaf, config=ALLOWS_OLD, **how):
        (tmp_path / 'openssl.cnf').write_text(config)
        return debuggee('encrypted.py', shelf.path(leaf + '.both'),
                        settings={'OPENSSL_CONF': str(tmp_path / 'openssl.cnf')}, **how)
    return start


def where(program, secret='hush-4711'):
    return {'uri': 'tcps://%s@127.0.0.1:%d' % (secret, program.port)}


def at_work(adapter, program, **how):
    client = adapter()
    client.attach(breakpoints={program.file: [program.line('work')]}, **dict(where(program), **how))
    return client, client.wait_stopped('breakpoint')


def works(adapter, program, **how):
    client, stop = at_work(adapter, program, **how)
    frame = client.top(stop.thread)
    assert client.evaluate("'x' * 60000", frame['id'])['result'] == repr('x' * 60000)
    client.step('next', stop.thread)
    client.continue_(stop.thread)
    assert client.wait_stopped('breakpoint').thread == stop.thread
    assert 'encrypted by TLSv1 only' in client.console()
    client.disconnect()
    program.goes_on()


def test_session(encrypted, adapter, shelf):
    """Twice, since what the first leaves behind must not be in the way of the second."""
    program = encrypted('good', prints_seen=True)
    for _ in range(2):
        works(adapter, program, tlsCaFile=shelf.pem('root'))


def test_refused_and_accepted(encrypted, adapter, shelf):
    """Each attach in peace with those before it."""
    program, client = encrypted('wreck'), adapter()
    assert 'self-signed' in refused_attach(client, **where(program))
    assert 'tlsMinVersion' in refused_attach(client, **where(program), tlsMinVersion='1.2')
    works(adapter, program, tlsPin=shelf.print('wreck'))
    assert 'secret' in client.attach_refused(**where(program, 'hidden-word'), tlsPin=shelf.print('wreck'))
    works(adapter, program, tlsAllowUntrusted=True, tlsAllowNameMismatch=True)


def test_great_values(encrypted, adapter, shelf):
    client, stop = at_work(adapter, encrypted('good'), tlsCaFile=shelf.pem('root'))
    value = client.evaluate("[str(number) * 20 for number in range(3000)]", client.top(stop.thread)['id'])
    items = client.variables(value['variablesReference'], start=2900, count=100)
    assert items[-1]['value'].strip("'") == '2999' * 20
    client.disconnect()


@pytest.mark.parametrize('number', [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM], ids=lambda one: one.name)
def test_adapter_ends(encrypted, adapter, shelf, number):
    """No plain bytes are written into the TLS stream by a crash: the drop guard stands for them."""
    program = encrypted('good')
    client, _ = at_work(adapter, program, tlsCaFile=shelf.pem('root'))
    client.ended = True
    client.signal(number)
    client.wait_exit()
    program.goes_on()
    works(adapter, program, tlsCaFile=shelf.pem('root'))


def test_editor_goes_during_the_greeting(encrypted, adapter, shelf):
    program = encrypted('good')
    for messages in range(4):
        client = adapter()
        client.initialize()
        client.send('attach', dict(where(program), tlsCaFile=shelf.pem('root')))
        for _ in range(messages):
            client.response(client.send('threads'))
        client.ended = True
        client.close_input()
        client.wait_exit()
    works(adapter, program, tlsCaFile=shelf.pem('root'))


def test_hello_to_plain_ptvsd(debuggee, adapter):
    """It is told, and the program takes no harm."""
    program, client = debuggee('loop.py'), adapter()
    for _ in range(3):
        message = refused_attach(client, uri='tcps://hush-4711@127.0.0.1:%d' % program.port)
        assert 'answers without TLS' in message and 'use tcp://' in message
    client.attach(port=program.port, secret='hush-4711', breakpoints={program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    client.disconnect()
    program.goes_on()


@pytest.mark.one_pair
def test_plain_to_encrypted_ptvsd(encrypted, adapter, pair):
    assert 'use tcps://' in refused_attach(adapter(), port=encrypted('good').port)


@pytest.mark.one_pair
def test_python_that_cannot(encrypted, adapter, shelf, pair):
    """With the configuration of Debian, say: what to change is told."""
    program = encrypted('good', config=ALLOWS_OLD.replace('LEVEL=0', 'LEVEL=2'))
    message = refused_attach(adapter(), **where(program), tlsCaFile=shelf.pem('root'))
    assert 'MinProtocol = TLSv1' in message and 'SECLEVEL=0' in message


# ---- what a user does, and what must happen

@pytest.mark.one_pair
def test_s24_certificate_added_as_trusted(encrypted, adapter, shelf, monkeypatch, pair):
    """To what the system trusts, or by name."""
    program = encrypted('alone')
    works(adapter, program, tlsCaFile=shelf.pem('alone'))
    monkeypatch.setenv('SSL_CERT_FILE', shelf.pem('alone'))
    works(adapter, program)


@pytest.mark.one_pair
def test_s25_not_trusted(encrypted, adapter, shelf, pair):
    message = refused_attach(adapter(), **where(encrypted('alone')))
    assert 'not trusted' in message and 'name' not in message.replace('named in', '')
    assert all(word in message for word in (shelf.print('alone'), 'tlsPin', 'tlsCaFile', 'tlsAllowUntrusted'))


@pytest.mark.one_pair
def test_s26_other_name(encrypted, adapter, shelf, pair):
    message = refused_attach(adapter(), **where(encrypted('misnamed')), tlsCaFile=shelf.pem('root'))
    assert 'Its name does not match: it is made out to "elsewhere.example", "10.1.2.3", not to 127.0.0.1' in message
    assert 'not trusted' not in message and 'tlsAllowUntrusted' not in message


@pytest.mark.one_pair
def test_s27_several_faults(encrypted, adapter, shelf, pair):
    message = refused_attach(adapter(), **where(encrypted('wreck')))
    assert all(word in message for word in ('self-signed', 'It expired on', 'Its name does not match'))


@pytest.mark.one_pair
def test_s28_permissions(encrypted, adapter, shelf, pair):
    program, client = encrypted('wreck'), adapter()
    assert 'Its name does not match' in refused_attach(client, **where(program), tlsAllowUntrusted=True)
    assert 'self-signed' in refused_attach(client, **where(program), tlsAllowNameMismatch=True)
    client, _ = at_work(adapter, program, tlsAllowUntrusted=True, tlsAllowNameMismatch=True)
    assert 'encrypted but not authenticated' in client.console()
    client.disconnect()
    program.goes_on()


@pytest.mark.one_pair
def test_s29_address_as_common_name(encrypted, adapter, shelf, pair):
    works(adapter, encrypted('common'), tlsCaFile=shelf.pem('root'))


@pytest.mark.one_pair
def test_s30_files_of_all_kinds(encrypted, adapter, shelf, pair):
    program = encrypted('alone')
    works(adapter, program, tlsCaFile=shelf.path('alone.both'))
    works(adapter, program, tlsCaFile=shelf.path('alone.der'))


@pytest.mark.one_pair
def test_s32_tls_1_0(encrypted, adapter, shelf, pair):
    program = encrypted('good')
    client, _ = at_work(adapter, program, tlsCaFile=shelf.pem('root'))
    assert 'ptvsd speaks nothing newer' in client.console() and '"tlsMinVersion": "1.2" forbids it' in client.console()
    client.disconnect()
    message = refused_attach(adapter(), **where(program), tlsCaFile=shelf.pem('root'), tlsMinVersion='1.2')
    assert 'No ptvsd up to 3.2.1 speaks anything newer than 1.0' in message
