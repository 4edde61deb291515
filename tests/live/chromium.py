"""A Chromium without a window, driven by its DevTools protocol."""

import base64
import http.client
import itertools
import json
import os
import shutil
import subprocess
import time

import web

PROGRAM = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
OPTIONS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
           '--remote-debugging-port=0', '--window-size=760,820']
PATIENCE = 60


class Browser(object):
    def __init__(self, profile):
        self.process = subprocess.Popen([PROGRAM] + OPTIONS + ['--user-data-dir=' + profile, 'about:blank'],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        ports, deadline = os.path.join(profile, 'DevToolsActivePort'), time.monotonic() + PATIENCE
        while not os.path.exists(ports) or '\n' not in open(ports).read():
            assert time.monotonic() < deadline and self.process.poll() is None, 'chromium does not start'
            time.sleep(0.05)
        with open(ports) as file:
            self.port = int(file.readline())

    def open(self, url):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        connection.request('PUT', '/json/new?about:blank')
        tab = Tab(self.port, '/' + json.load(connection.getresponse())['webSocketDebuggerUrl'].split('/', 3)[3])
        connection.close()
        tab.ask('Page.enable')
        tab.ask('Page.navigate', url=url)
        tab.wait_event('Page.loadEventFired')
        return tab

    def end(self):
        self.process.terminate()
        self.process.wait()


class Tab(object):
    def __init__(self, port, path):
        self.socket, self.ids, self.events = web.WebSocket(port, path, host='localhost'), itertools.count(1), []
        self.socket.peer.settimeout(PATIENCE)
        assert self.socket.status == 101, self.socket.answer

    def receive(self):
        message = json.loads(self.socket.receive()[1].decode('utf-8'))
        if 'method' in message:
            self.events.append(message['method'])
        return message

    def ask(self, method, **parameters):
        number = next(self.ids)
        self.socket.send(web.TEXT, json.dumps({'id': number, 'method': method, 'params': parameters}).encode())
        while True:
            message = self.receive()
            if message.get('id') == number:
                assert 'error' not in message, message
                return message['result']

    def wait_event(self, name):
        while name not in self.events:
            self.receive()

    def evaluate(self, expression):
        """Its value; of a promise, when that is there."""
        answer = self.ask('Runtime.evaluate', expression=expression, awaitPromise=True, returnByValue=True)
        assert 'exceptionDetails' not in answer, answer
        return answer['result'].get('value')

    def wait(self, condition):
        self.evaluate('new Promise(done => { const look = () => %s ? done() : setTimeout(look, 20); look() })' %
                      condition)

    def picture(self, path):
        with open(path, 'wb') as file:
            file.write(base64.b64decode(self.ask('Page.captureScreenshot', format='png')['data']))

    def close(self):
        self.ask('Page.close')
        self.socket.end()
