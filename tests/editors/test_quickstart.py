"""The Python of docs/quickstart.md, run as it stands under a real ptvsd; only the port is the test's."""

import os
import re

import pytest

import dap
import dapschema
import packages
import servers

PAGE = os.path.join(dap.REPOSITORY, 'docs', 'quickstart.md')
REST = '''
import sys, time
print('READY')
number = 0
while True:
    number += 1  # line: work
    print('tick %d' % number)
    time.sleep(0.02)
'''
UWSGI = '''
def worker_id():
    return 0
'''


def snippets():
    with open(PAGE, encoding='utf-8') as opened:
        return re.findall(r'^## (.*?)$.*?^```python\n(.*?)^```$', re.sub(r'(?m)^# .*$', '', opened.read()), re.M | re.S)


@pytest.fixture
def judge():
    return dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


def test_all_are_found():
    assert len(snippets()) == 5 and all('enable_attach' in text for _, text in snippets())


@pytest.mark.parametrize('number', range(5))
def test_attach(server, judge, tmp_path, monkeypatch, number):
    title, text = snippets()[number]
    port = servers.free_port()
    (tmp_path / 'programs').mkdir()
    twice = text if 'AlreadyEnabled' in text else ''  # a script editor runs it again
    source = (text + twice).replace('5678', str(port)) + REST
    (tmp_path / 'programs' / 'shown.py').write_text('import os; os.environ["RUN_MAIN"] = "true"\n' + source)
    (tmp_path / 'programs' / 'uwsgi.py').write_text(UWSGI)
    program = servers.Debuggee(server, 'shown.py', tmp_path / 'debuggee', programs=str(tmp_path / 'programs'))
    client = dap.Client(judge)
    try:
        client.attach(host='127.0.0.1', port=port, secret='my_secret',
                      breakpoints={program.file: [program.line('work')]})
        client.wait_stopped('breakpoint')
        client.disconnect()
        program.goes_on()
    finally:
        client.end()
        program.end()
    assert client.faults == []
