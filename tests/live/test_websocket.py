"""Web servers that open no WebSocket, or not well. The sessions themselves: test_over.py."""

import base64
import hashlib
import queue
import struct

import pytest

import fakes
from test_failures import refused_attach, serve  # noqa: F401


@pytest.mark.parametrize('head, words', [
    ('HTTP/1.1 200 OK', ('200 OK', 'switched off')),
    ('HTTP/1.1 302 Found\r\nLocation: https://login.example/', ('https://login.example/', 'Use that address')),
    ('HTTP/1.1 403 Site Disabled', ('403 Site Disabled', 'login')),
    ('HTTP/1.1 404 Not Found', ('404 Not Found', 'path')),
    ('HTTP/1.1 426 Upgrade Required', ('426', 'switched off')),
    ('HTTP/1.1 500 Internal Server Error', ('500', 'switched off')),
    ('HTTP/1.1 502 Bad Gateway', ('502 Bad Gateway', 'enable_attach')),
    ('HTTP/1.1 101 Switching Protocols', ('it says 101',)),
    ('HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x', ('another request',)),
    ('SSH-2.0-OpenSSH', ('no HTTP', 'use tcp://'))])
def test_no_websocket(adapter, serve, head, words):  # noqa: F811
    client, port = adapter(), serve(fakes.answers_http(head))
    message = refused_attach(client, uri='ws://hidden-word@127.0.0.1:%d/ptvsd' % port)
    assert all(word in message for word in words) and 'hidden-word' not in message
    assert 'ws://127.0.0.1:%d/ptvsd' % port in message


def test_web_server_that_says_nothing(adapter, serve):  # noqa: F811
    message = refused_attach(adapter(), uri='ws://127.0.0.1:%d' % serve(fakes.says()))
    assert 'did not open a WebSocket (no answer)' in message


def opens(*frames, heard=None):
    """A web server that opens the WebSocket and then sends this; what comes goes behind `heard`, and None at the end."""
    def serve(peer):
        asked = b''
        while b'\r\n\r\n' not in asked:
            asked += peer.recv(65536)
        key = asked.split(b'Sec-WebSocket-Key: ')[1].split(b'\r\n')[0]
        accept = base64.b64encode(hashlib.sha1(key + b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest())
        peer.sendall(b'HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ' +
                     accept + b'\r\n\r\n' + b''.join(frames))
        try:
            for data in iter(lambda: peer.recv(4096), b''):
                if heard is not None:
                    heard.put(data)
        finally:
            if heard is not None:
                heard.put(None)
    return serve


@pytest.mark.parametrize('frames, words', [
    (b'\x88\x0b\x03\xf3no target', '1011 no target'),
    (b'\x88\x16\x03\xf4the machine restarts', '1012 the machine restarts'),
    (b'\x88\x02\x03\xe9', '(1001)'),
    (b'\x88\x02\x03\xed', 'a close code that may not be sent'),
    (b'\x81\x0fSSH-2.0-OpenSSH', 'SSH-2.0-OpenSSH'),
    (b'\x01\x03PTV' + b'\x89\x01x' + b'\x00\x00' + b'\x80\x0cSDBG' + fakes.number(5), 'version 5'),
    (b'\x81\x02\xc3\x28', 'a text that is not UTF-8'),
    (b'\xc2\x00', 'reserved bits'),
    (b'\x88\x00', 'closed the connection without a word'),
    (b'\x82\x81abcdx', 'a masked frame from a server'),
    (b'\x82\x0fSSH-2.0-OpenSSH', 'SSH-2.0-OpenSSH')])
def test_websocket_ends_early(adapter, serve, frames, words):  # noqa: F811
    assert words in refused_attach(adapter(), uri='ws://127.0.0.1:%d' % serve(opens(frames)))


@pytest.mark.parametrize('frames, code', [
    (b'\x88\x0b\x03\xf3no target', 1011), (b'\x88\x00', None), (b'\x81\x02\xc3\x28', 1007), (b'\xc2\x00', 1002),
    (b'\x82\x7f' + struct.pack('>q', (16 << 20) + 1), 1009)], ids=['crashed', 'no-code', 'no-text', 'broken', 'large'])
def test_one_close_is_sent(adapter, serve, frames, code):  # noqa: F811
    """In answer to the server's, or for what it did wrong; no second one when the link is closed."""
    heard = queue.Queue()
    refused_attach(adapter(), uri='ws://127.0.0.1:%d' % serve(opens(frames, heard=heard)))
    sent = b''.join(iter(heard.get, None))
    assert sent[0] == 0x88 and len(sent) == 6 + (sent[1] & 0x7f), sent
    payload = bytes(byte ^ sent[2 + at % 4] for at, byte in enumerate(sent[6:]))
    assert (struct.unpack('>H', payload[:2])[0] if payload else None) == code
