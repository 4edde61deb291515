"""The extension for VS Code, without VS Code: its schema against what the adapter reads, its own tests, and a session
by @vscode/debugadapter-testsupport. npm brings what they need."""

import fcntl
import glob
import json
import os
import re
import shutil
import subprocess

import pytest

import dap
import dapschema
import over_tls
import packages
import servers
import workplace

EXTENSION = os.path.join(dap.REPOSITORY, 'vscode-extension')
NPM, NODE = workplace.program_in('npm'), workplace.program_in('node')
OF_VSCODE = {'name', 'type', 'request'}
PLACES = {'uri', 'qualifier', 'host', 'port', 'connect'}
OF_SERVERS = {'token'}  # asked for by --listen: tests/live/test_listen.py
ONLY_WITH = {'processId': {'uri': ['127.0.0.1:1']}}  # it chooses among what several addresses lead to
needs_npm = pytest.mark.skipif(not (NPM and NODE), reason='no node and npm here')


def manifest():
    with open(os.path.join(EXTENSION, 'package.json'), encoding='utf-8') as opened:
        return json.load(opened)


def schema(request='attach'):
    (debugger,) = manifest()['contributes']['debuggers']
    return debugger['configurationAttributes'][request]['properties']


# ---- the schema

def read_by_the_adapter():
    """The names that the readers of the attach request look up."""
    names = set()
    for pattern in ('config.c', 'presentation.c', 'reach*.c', 'session_log.c', 'time_limits.c', 'candidates*.c', 'listen_token.c'):
        for path in glob.glob(os.path.join(dap.REPOSITORY, 'adapter', pattern)):
            with open(path, encoding='utf-8') as opened:
                names.update(re.findall(r'\b(?:(?:dap_)?want_\w+|dap_given|json_object|'
                                        r'cJSON_GetObjectItemCaseSensitive)\(\s*[^,()]+,\s*"(\w+)"', opened.read()))
    return names


def test_schema_is_what_the_adapter_reads():
    within = set(schema()['variablePresentation']['properties'])
    assert set(schema()) == read_by_the_adapter() - within


@pytest.mark.parametrize('name', sorted(set(schema()) - OF_SERVERS))
def test_each_attribute_is_read(name):
    """One of the wrong type is refused by its name."""
    client = dap.Client(dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel())))
    wrong = {'string': 7, 'boolean': 'yes', 'integer': 'many', 'array': 7, 'object': 7}
    kind = schema()[name]['type']
    where = {} if name in PLACES else ONLY_WITH.get(name, {'host': '127.0.0.1', 'port': 1})
    message = client.attach_refused(**dict(where, **{name: wrong[kind if isinstance(kind, str) else kind[0]]}))
    client.end()
    assert '"%s"' % name in message and client.faults == []


def test_each_attribute_is_described():
    for name, one in schema().items():
        assert one.get('description') or one.get('markdownDescription'), name
    with open(os.path.join(dap.REPOSITORY, 'README.md'), encoding='utf-8') as opened:
        table = re.search(r'\| attribute \| meaning \|\n(.*?)\n\n', opened.read(), re.S).group(1)
    told = {name for row in table.splitlines()[1:] for name in re.findall(r'`(\w+)`', row.split('|')[1])}
    assert told <= set(schema())


def test_snippets_hold_what_is_in_the_schema():
    (debugger,) = manifest()['contributes']['debuggers']
    for made in debugger['initialConfigurations'] + [one['body'] for one in debugger['configurationSnippets']]:
        assert set(made) - OF_VSCODE <= set(schema(made['request']))


def test_commands_and_their_code():
    """Each that is offered exists, and each that exists is offered."""
    named = {one['command'] for one in manifest()['contributes']['commands']}
    made = set()
    for path in glob.glob(os.path.join(EXTENSION, 'src', '*.ts')):
        with open(path, encoding='utf-8') as opened:
            made.update(re.findall(r"'(ptvsd\.\w+)': \(", opened.read()))
    assert made == named


# ---- with npm

def reads_azure():
    """Whether the adapter was built with expat."""
    said = subprocess.run([dap.adapter_path(), 'config', '/nowhere'], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          universal_newlines=True).stderr
    return 'expat' not in said


def modules():
    """node_modules for the lock file there is, made once; several test processes may want it at a time."""
    place = os.path.join(packages.cache_dir(), 'vscode-extension')
    os.makedirs(place, exist_ok=True)
    with open(os.path.join(place, 'lock'), 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ours, theirs = (os.path.join(folder, 'package-lock.json') for folder in (EXTENSION, place))
        if not os.path.exists(theirs) or open(ours).read() != open(theirs).read():
            shutil.copy(os.path.join(EXTENSION, 'package.json'), place)
            shutil.copy(ours, theirs + '.new')
            os.replace(theirs + '.new', theirs)
            done = subprocess.run([NPM, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], cwd=place,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                os.unlink(theirs)
                pytest.skip('npm could not install what the extension is built with')
    return os.path.join(place, 'node_modules')


@pytest.fixture(scope='module')
def built(tmp_path_factory):
    """The extension, compiled in a copy."""
    place = tmp_path_factory.mktemp('extension') / 'copy'
    shutil.copytree(EXTENSION, str(place), ignore=shutil.ignore_patterns('node_modules', 'out', 'bin', '*.vsix'))
    os.symlink(modules(), str(place / 'node_modules'))
    done = subprocess.run([NODE, 'node_modules/typescript/bin/tsc', '-p', '.'], cwd=str(place), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True)
    assert done.returncode == 0, done.stdout
    return place


def run_tests(built, names, **more):
    done = subprocess.run([NODE, '--test'] + ['out/test/%s.test.js' % name for name in names], cwd=str(built),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
                          universal_newlines=True, env=dict(os.environ, **more))
    assert done.returncode == 0, done.stdout
    return done.stdout


@needs_npm
def test_its_own_tests(built):
    said = run_tests(built, ['configuration', 'adapter', 'frames', 'credentials', 'listing', 'bridge', 'azure'],
                     PTVSD_TEST_PROGRAM=os.path.abspath(dap.adapter_path()) if reads_azure() else '')
    assert '# skipped %d' % (0 if reads_azure() else 3) in said


@needs_npm
def test_attach_asks(server, built, tmp_path):
    """The bridge between VS Code and the adapter: secrets and certificates are asked for within one attach."""
    program = servers.Debuggee(server, 'loop.py', tmp_path / 'debuggee')
    front = over_tls.Tcps(program.port)
    try:
        said = run_tests(built, ['attach'], PTVSD_TEST_PROGRAM=os.path.abspath(dap.adapter_path()),
                         PTVSD_TEST_PORT=str(program.port), PTVSD_TEST_TLS_PORT=str(front.port),
                         PTVSD_TEST_PIN=over_tls.shelf()[0].print('good'), PTVSD_TEST_PID=str(program.process.pid))
        assert '# skipped 0' in said
        program.goes_on()
    finally:
        front.end()
        program.end()


@needs_npm
def test_session_of_an_independent_client(server, built, tmp_path):
    program = servers.Debuggee(server, 'values.py', tmp_path / 'debuggee')
    try:
        local = program.local_copy(tmp_path / 'project')
        script = tmp_path / 'adapter.sh'  # the client starts a runtime with one argument
        script.write_text('exec "%s"\n' % os.path.abspath(dap.adapter_path()))
        said = run_tests(built, ['session'], PTVSD_TEST_ADAPTER=str(script), PTVSD_TEST_PORT=str(program.port),
                         PTVSD_TEST_FILE=os.path.join(local, 'values.py'), PTVSD_TEST_LINE=str(program.line('stop')),
                         PTVSD_TEST_LOCAL=local, PTVSD_TEST_REMOTE=program.root)
        assert '# skipped 0' in said
        program.wait_line('items')
    finally:
        program.end()
