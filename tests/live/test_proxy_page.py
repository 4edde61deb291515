"""The page of `ptvsd-dap proxy` in a real browser: Chromium without a window, where it is installed."""

import os
import re

import pytest

import chromium

import fakes
import over
import servers
import web
from test_proxy import Target

pytestmark = pytest.mark.skipif(not chromium.PROGRAM, reason='no chromium here')
CHECKED = 'document.getElementById("websocket").className != "open"'


@pytest.fixture(scope='module')
def browser(tmp_path_factory):
    one = chromium.Browser(str(tmp_path_factory.mktemp('profile')))
    yield one
    one.end()


@pytest.fixture
def browse(browser):
    """browse(url) gives the page as it is when its check is over."""
    def show(url, until=CHECKED):
        tab = browser.open(url)
        tab.wait(until)
        if 'PTVSD_DAP_PICTURE' in os.environ:  # for docs/proxy.png
            tab.picture(os.environ.pop('PTVSD_DAP_PICTURE'))
        page = tab.evaluate('document.documentElement.outerHTML')
        tab.close()
        return page
    return show


def state(page, part):
    """(class, sentences) of one of the two."""
    found = re.search(r'<section id="%s" class="(\w+)">(.*)</section>' % part, page)
    assert found, page[:3000]
    return found.group(1), re.sub('<.*?>', ' ', found.group(2))


def address(page):
    found = re.search('<pre id="uri">(.*)</pre>', page).group(1)
    assert page.count(found) == 2
    return found


class Strict(fakes.Server):
    """A web server in front that knows no WebSockets."""

    def __init__(self, port):
        fakes.Server.__init__(self, self.serve_one)
        self.target = port

    def serve_one(self, peer):
        head = peer.recv(65536)
        if b'Upgrade: websocket' in head:
            peer.sendall(b'HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
            fakes.hang_up(peer)
            return
        with web.connect(self.target) as other:
            other.sendall(head)
            fakes.pour(other, peer)


@pytest.mark.one_pair
def test_program_runs(debuggee, adapter, started, browse):  # noqa: F811
    program = debuggee('loop.py', prints_seen=True)
    proxy = started(over.Proxy(program.port))
    page = browse('http://127.0.0.1:%d/ptvsd' % proxy.port)
    assert state(page, 'program')[0] == 'good' and 'protocol version' in state(page, 'program')[1]
    assert state(page, 'websocket')[0] == 'good' and 'WebSockets get through' in state(page, 'websocket')[1]
    client = adapter()
    client.attach(uri=address(page).replace('SECRET', 'hush-4711'))
    page = browse('http://127.0.0.1:%d/ptvsd' % proxy.port)
    assert state(page, 'program')[0] == 'good' and 'A debugger is attached' in state(page, 'program')[1]
    assert state(page, 'websocket')[0] == 'good'
    client.disconnect()
    program.goes_on()


def test_program_does_not_run(started, browse):  # noqa: F811
    proxy = started(over.Proxy(servers.free_port()))
    page = browse('http://127.0.0.1:%d/ptvsd' % proxy.port)
    assert state(page, 'program')[0] == 'bad' and 'connection refused' in state(page, 'program')[1]
    assert state(page, 'websocket')[0] == 'good'


def test_websockets_are_refused(started, browse):  # noqa: F811
    target = started(Target(b'PTVSDBG' + fakes.number(6)))
    front = started(Strict(started(over.Proxy(target.port)).port))
    page = browse('http://127.0.0.1:%d/ptvsd' % front.port)
    assert state(page, 'program')[0] == 'good'
    assert state(page, 'websocket')[0] == 'bad' and 'do not get through' in state(page, 'websocket')[1]


@pytest.mark.parametrize('told', [True, False])
def test_behind_nginx(started, browse, told):  # noqa: F811
    """On a path of nginx's own; and where nobody has told nginx of WebSockets."""
    if not over.Nginx.program:
        pytest.skip('no nginx here')
    proxy = started(over.BehindNginx(started(Target(b'PTVSDBG' + fakes.number(6))).port))
    path = proxy.path if told else '/without' + proxy.path
    page = browse('http://localhost:%d%s' % (proxy.front, path))
    assert state(page, 'program')[0] == 'good'
    assert state(page, 'websocket')[0] == ('good' if told else 'bad')
    assert address(page) == 'ws://SECRET@localhost:%d%s' % (proxy.front, path)


HOSTILE = b'''<!doctype html><title>waiting</title><script>
const one = new WebSocket('ws://127.0.0.1:%d/ptvsd')
one.onopen = () => { one.send('x'); document.title = 'open' }
one.onclose = () => fetch('http://127.0.0.1:%d/ptvsd').then(answer => answer.text()).then(
    () => { document.title = 'read' }, () => { document.title = 'shut out' })
</script>'''


def test_hostile_page(started, browse):  # noqa: F811
    """A page from elsewhere gets neither to the program nor to what the proxy says of it."""
    target = started(Target())
    proxy = started(over.Proxy(target.port))
    body = HOSTILE % (proxy.port, proxy.port)

    def serve(peer):
        peer.recv(65536)
        peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n'
                     % len(body) + body)
        peer.close()

    page = browse('http://127.0.0.1:%d/' % started(fakes.Server(serve)).port, 'document.title != "waiting"')
    assert '<title>shut out</title>' in page
    assert target.heard == b''
