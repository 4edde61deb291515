"""VS Code's real workbench: code-server in headless Chromium, with the packed extension. PTVSD_DAP_WORKBENCH names the
folder that install_workbench.sh filled."""

import getpass
import json
import os
import re
import shutil
import subprocess

import pytest

import dap
import over_tls
import packages
import pages
import servers
import workplace
from test_extension import NODE, built  # noqa: F401

PICTURES = os.environ.get('PTVSD_DAP_PICTURES', '')
FOLDER = os.environ.get('PTVSD_DAP_WORKBENCH')
CHROMIUM = workplace.program_in('chromium')
DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'drive_workbench.js')
pytestmark = [pytest.mark.skipif(not FOLDER, reason='PTVSD_DAP_WORKBENCH does not name a folder with code-server'),
              pytest.mark.skipif(not (CHROMIUM and NODE), reason='no chromium and node here')]


def module(name):
    return os.path.join(FOLDER, 'node_modules', name)


@pytest.fixture(scope='module')
def packed(built):  # noqa: F811
    """The .vsix, with the adapter under test inside."""
    subprocess.run(['sh', 'package.sh', '--out', 'made.vsix'], cwd=str(built), check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, env=dict(os.environ, VSCE='node ' + module('@vscode/vsce/vsce'),
                                                       PTVSD_DAP=os.path.abspath(dap.adapter_path())))
    return str(built / 'made.vsix')


class Server(object):
    """code-server on a port of its own choice, for one project."""

    def __init__(self, home, vsix, trusting=True):
        self.command = [NODE, module('code-server/out/node/entry.js'), '--config', os.path.join(home, 'config.yaml'),
                        '--user-data-dir', os.path.join(home, 'user'), '--extensions-dir', os.path.join(home, 'extensions'),
                        '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--bind-addr', '127.0.0.1:0',
                        '--disable-getting-started-override'] + ['--disable-workspace-trust'] * trusting
        self.environment = {name: value for name, value in os.environ.items() if name != 'PORT'}  # it would listen there
        self.environment['HOME'] = home
        os.makedirs(os.path.join(home, 'user', 'User'))
        with open(os.path.join(home, 'user', 'User', 'settings.json'), 'w') as settings:
            json.dump({'workbench.startupEditor': 'none', 'editor.minimap.enabled': False,
                       'security.workspace.trust.startupPrompt': 'never',
                       'diffEditor.useInlineViewWhenSpaceIsLimited': False,
                       'terminal.integrated.gpuAcceleration': 'off'}, settings)  # its text is in the document then
        subprocess.run(self.command + ['--install-extension', vsix], env=self.environment, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(self.command, env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self.out = servers.Lines(self.process.stdout)

    def url(self, project):
        said = ''
        while 'HTTP server listening on' not in said:
            said = self.out.wait('', 60)
        return re.search(r'http://\S+', said).group(0).rstrip('/') + '/?folder=' + project

    def end(self):
        workplace.end_session(self.process)
        self.out.thread.join(servers.PATIENCE)


@pytest.fixture
def program(server, tmp_path):
    one = servers.Debuggee(server, 'values.py', tmp_path / 'debuggee')
    yield one
    one.end()


@pytest.fixture
def place(program, tmp_path):
    one = workplace.Workplace(program, tmp_path, 'stop')
    yield one
    one.end()


@pytest.fixture
def drive(place, program, packed):
    """drive(part, settings) gives the report of that part of the driver, with docs/editors' launch.json."""
    def run(part, settings='{}', launch=None, trusting=True, **more):
        folder = os.path.join(place.project, '.vscode')
        os.mkdir(folder)
        place.write('launch.json', launch or pages.replaced(pages.block('vscode.md', 'json'), program, place.project),
                    folder=folder)
        place.write('settings.json', settings, folder=folder)
        code = Server(place.home, packed, trusting)
        try:
            return place.run([NODE, DRIVER], DRIVE_URL=code.url(place.project), DRIVE_PART=part,
                             DRIVE_PLAYWRIGHT=module('playwright-core'), DRIVE_CHROMIUM=CHROMIUM,
                             DRIVE_ADDRESS='127.0.0.1:%d' % program.port, DRIVE_PID=str(program.process.pid),
                             DRIVE_PICTURES=PICTURES, DRIVE_USER=getpass.getuser(),
                             DRIVE_EXECUTABLES=os.path.dirname(program.pair.python.path) + '/', **more)
        finally:
            if os.path.exists(place.result + '.png') and PICTURES:
                shutil.copy(place.result + '.png', os.path.join(PICTURES, 'failed-%s.png' % part))
            code.end()
    return run


TWO_THREADS = """import threading
import time
number = 42
other = threading.Thread(target=time.sleep, args=(10,))
other.start()
other.join()
"""


def test_session(place, program, drive):
    assert drive('session') == {
        'asked': 'Secret of tcp://127.0.0.1:%d' % program.port, 'line': place.line, 'number': '42', 'child': '30',
        'hover': '42', 'watch': '1042', 'console': '52', 'stepped': place.line + 1, 'again': True}
    program.wait_line('items')
    place.is_left_tidy()


def test_secrets(place, drive):
    drive('secrets')
    place.is_left_tidy()


def configuration(**how):
    return json.dumps({'version': '0.2.0', 'configurations': [
        dict({'name': 'Here', 'type': 'ptvsd', 'request': 'attach'}, **how)]})


def test_programs(place, program, drive):
    closed = '127.0.0.1:%d' % servers.free_port()
    row = drive('programs', DRIVE_ADDRESSES='127.0.0.1:%d %s' % (program.port, closed))['row']
    for word in (str(program.process.pid), getpass.getuser(), 'tcp://127.0.0.1:%d' % program.port, program.pair.release[:3]):
        assert word in row
    program.wait_line('items')
    place.is_left_tidy()


def newcomers_steps():
    """README's, as (number, text)."""
    with open(os.path.join(dap.REPOSITORY, 'README.md'), encoding='utf-8') as readme:
        section = re.search(r'^## From nothing to a breakpoint$(.*?)^## ', readme.read(), re.M | re.S).group(1)
    return re.findall(r'^(\d)\. (.*?)(?=^\d\. |\Z|^$)', section, re.M | re.S)


def test_newcomer(place, program, drive):
    """Attached without a configuration, by README's steps; what each takes is in the report (-rP)."""
    steps = newcomers_steps()
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1)) and len(steps) <= 6
    command, = re.findall(r'\*\*(Attach .*?)\*\*', steps[-2][1])
    report = drive('newcomer', launch='{}', DRIVE_COMMAND=command.rstrip('\u2026'))
    print('seconds: %s' % report['seconds'])
    assert report['line'] == place.line and sorted(report['seconds']) == ['address', 'breakpoint', 'program']
    place.is_left_tidy()


def test_certificate(place, program, drive):
    front = over_tls.Tcps(program.port)
    try:
        asked = drive('certificate', launch=configuration(uri='tcps://127.0.0.1:%d' % front.port))['asked']
    finally:
        front.end()
    assert 'tcps://127.0.0.1:%d' % front.port in asked and over_tls.shelf()[0].print('good') in asked
    place.is_left_tidy()


def test_diagnose(place, program, drive):
    closed = servers.free_port()
    assert str(closed) in drive('diagnose', launch=configuration(port=closed))['refused']
    program.wait_line('items')
    place.is_left_tidy()


def test_compare(place, program, drive):
    with open(place.file) as copy:
        text = copy.read()
    place.write(place.file, text.replace('ratio = 0.5', 'ratio = 0.75'))
    drive('compare')
    place.is_left_tidy()


def test_imports(place, program, drive):
    old = {'name': 'Old', 'type': 'python', 'request': 'attach', 'host': 'localhost', 'port': program.port,
           'secret': 'hush-4711', 'localRoot': '${workspaceFolder}', 'remoteRoot': program.root}
    launch = '{ // a remark\n"version": "0.2.0", "configurations": [%s] }' % json.dumps(old)
    place.write('web.debug.config', '<configuration><appSettings><add key="WSGI_PTVSD_SECRET" value="hidden-word"/>'
                '</appSettings></configuration>', folder=place.project)
    drive('imports', launch=launch, DRIVE_SITE='mysite')
    with open(os.path.join(place.project, '.vscode', 'launch.json')) as opened:
        text = opened.read()
    assert '// a remark' in text and 'hidden-word' not in text
    before, made, site = json.loads(text.replace('// a remark', ''))['configurations']
    assert before == old and made == {
        'name': 'Old (ptvsd)', 'type': 'ptvsd', 'request': 'attach', 'host': 'localhost', 'port': program.port,
        'pathMappings': [{'localRoot': '${workspaceFolder}', 'remoteRoot': program.root}]}
    assert (site['type'], site['uri']) == ('ptvsd', 'wss://mysite.azurewebsites.net/ptvsd')
    place.is_left_tidy()


def test_waiting(place, drive):
    drive('waiting', launch=configuration(port=servers.free_port(), waitForServer=True))
    place.is_left_tidy()


def test_launch(place, program, drive):
    how = dict(request='launch', program=place.file, python=program.pair.python.path, stopOnEntry=True,
               ptvsdPath=packages.ptvsd(program.pair.release))
    assert drive('launch', launch=configuration(**how))['line'] >= 1
    place.is_left_tidy()


def test_long_step(place, program, drive):
    """All run meanwhile, and the step can be paused."""
    place.write('values.py', TWO_THREADS, folder=place.project)
    how = dict(request='launch', program=place.file, python=program.pair.python.path, stopOnEntry=True,
               ptvsdPath=packages.ptvsd(program.pair.release))
    place.line = TWO_THREADS.splitlines().index('other.join()') + 1
    seen = drive('longStep', launch=configuration(**how))
    assert seen['pause'] and seen['threads'] == ['Running'] * 2
    place.is_left_tidy()


def test_untrusted(place, drive):
    drive('untrusted', '{ "ptvsd.adapterPath": "/nowhere/ptvsd-dap" }', trusting=False)


def test_templates(place, drive):
    place.write('page.html', '{% for one in all %}\nhello\n{% endfor %}\n', folder=place.project)
    drive('templates')


def test_suggestions(place, program, drive):
    theirs = {'name': 'Theirs', 'type': 'debugpy', 'request': 'attach', 'justMyCode': False,
              'connect': {'host': '127.0.0.1', 'port': program.port}}
    assert drive('suggestions', launch=json.dumps({'version': '0.2.0', 'configurations': [theirs]}))['attached']
    program.wait_line('items')
    place.is_left_tidy()


def test_no_adapter(place, drive):
    refused = drive('noAdapter', '{ "ptvsd.adapterPath": "/nowhere/ptvsd-dap" }')['refused']
    assert '/nowhere/ptvsd-dap' in refused and 'ptvsd.adapterPath' in refused
    place.is_left_tidy()
