"""`ptvsd-dap config FILE` turns what Visual Studio wrote for Azure into an editor's configuration."""

import json
import os
import pty
import shutil
import subprocess

import pytest

import dap
import servers
from dap import run

SITE = '''<?xml version="1.0" encoding="utf-8"?>
<configuration xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform">
  <!-- <add key="WSGI_PTVSD_SECRET" value="commented" /> -->
  <appSettings>
    <add key="OTHER" value="other" />
    <add key="WSGI_PTVSD_SECRET" value="%s" xdt:Transform="Insert" />
  </appSettings>
  <system.webServer>
    <handlers>
      <add name="Python" path="handler.fcgi" verb="*" modules="FastCgiModule" />
      <add name="ptvsd" path="%s" verb="*" resourceType="Unspecified"
           type="Microsoft.PythonTools.Debugger.WebSocketProxy, Microsoft.PythonTools.WebRole" />
    </handlers>
  </system.webServer>
</configuration>
'''
WORKER = '''
  <WorkerRole name="%s" vmsize="Small">
    <Startup>
      <Task commandLine="bin\\ps.cmd ConfigureCloudService.ps1" executionContext="elevated">
        <Environment><Variable name="NOT_OF_THE_ROLE" value="x" /></Environment>
      </Task>
    </Startup>
    <Runtime>
      <Environment>
        <Variable name="EMULATED">
          <RoleInstanceValue xpath="/RoleEnvironment/Deployment/@emulated" />
        </Variable>
        <Variable name="GREETING" value="it's a 'role'" />
      </Environment>
      <EntryPoint><ProgramEntryPoint commandLine="%s" setReadyOnProcessStart="true" /></EntryPoint>
    </Runtime>
  </WorkerRole>'''
SERVICE = '''<?xml version="1.0" encoding="utf-8"?>
<ServiceDefinition name="Cloud" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">%s
</ServiceDefinition>
'''
LAUNCH = 'bin\\ps.cmd LaunchWorker.ps1 worker.py "two words" $HOME'


def written(directory, text, name='file.config'):
    path = directory / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode('utf-8'))
    return str(path)


def configured(*arguments):
    """What stands in launch.json, and what is said besides."""
    done = run('config', *arguments)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told['version'] == '0.2.0'
    (one,) = told['configurations']
    assert (one.pop('type'), one.pop('request')) == ('ptvsd', 'attach')
    return one, done.stderr


def service(directory, *roles):
    return written(directory, SERVICE % ''.join(WORKER % (name, command.replace('"', '&quot;'))
                                                for name, command in roles), 'ServiceDefinition.csdef')


needs_expat = pytest.mark.skipif('without libexpat' in run('config', '/dev/null').stderr, reason='built without libexpat')
pytestmark = needs_expat


# ---- a web site

@pytest.mark.parametrize('site, host', [
    ('mysite', 'wss://mysite.azurewebsites.net'), ('www.example.org', 'wss://www.example.org'),
    ('https://mysite.azurewebsites.net/', 'wss://mysite.azurewebsites.net'), ('lab:8443', 'wss://lab:8443'),
    ('http://lab:8080/x', 'ws://lab:8080'), ('wss://a.b', 'wss://a.b')])
def test_site(tmp_path, site, host):
    path = written(tmp_path, SITE % ('abc123', 'ptvsd'))
    told, said = configured('--site', site, path)
    assert told == {'name': 'Azure site', 'uri': host + '/ptvsd', 'secret': 'abc123'}
    assert 'changes the secret' in said and 'abc123' not in said


def test_byte_order_mark_and_entities(tmp_path):
    path = written(tmp_path, b'\xef\xbb\xbf' + (SITE % ('&lt;&#252;&quot;\\', '/other/way')).encode('utf-8'))
    told, _ = configured('--site', 'x', path)
    assert told['secret'] == '<\xfc"\\' and told['uri'].endswith('.net/other/way')


def test_site_is_asked_for(tmp_path):
    path = written(tmp_path, SITE % ('abc123', 'ptvsd'))
    ours, theirs = pty.openpty()
    with subprocess.Popen([dap.adapter_path(), 'config', path], stdin=theirs, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True) as process:
        os.write(ours, b'asked\n')
        told, said = json.loads(process.stdout.read()), process.stderr.read()
    os.close(ours)
    os.close(theirs)
    assert told['configurations'][0]['uri'] == 'wss://asked.azurewebsites.net/ptvsd' and 'Which site' in said


@pytest.mark.two_pythons
def test_attach_by_it(debuggee, adapter, pair, proxy, tmp_path):
    program = debuggee('loop.py', prints_seen=True)
    where = proxy.uri(program).partition('@')[2]
    host, _, way = where.partition('/')
    told, _ = configured('--site', 'ws://' + host, written(tmp_path, SITE % (servers.SECRET, way)))
    client = adapter()
    client.attach(breakpoints={program.file: [program.line('work')]}, **told)
    client.wait_stopped('breakpoint')
    client.disconnect()
    program.goes_on()


# ---- a cloud service

@pytest.mark.parametrize('command, words', [
    (LAUNCH, "--wait worker.py - 'two words' '$HOME'\n"), ('bin\\ps.cmd LaunchWorker.ps1', '--wait worker.py\n'),
    ('python.exe app\\main.PY -x', '--wait app/main.PY - -x\n')])
def test_role(tmp_path, command, words):
    told, said = configured(service(tmp_path, ('WorkerRole1', command)))
    assert told == {'name': 'WorkerRole1', 'host': '127.0.0.1', 'port': 5678}
    assert said.endswith(words) and "GREETING='it'\\''s a '\\''role'\\''' python -m ptvsd" in said
    assert 'EMULATED gets its value from Azure' in said and 'NOT_OF_THE_ROLE' not in said


def test_role_by_name(tmp_path):
    path = service(tmp_path, ('One', LAUNCH), ('Two', 'node.cmd server.js'), ('Three', 'python three.py'))
    told, said = configured('--role', 'Three', '--site', '10.0.0.7', path)
    assert told == {'name': 'Three', 'host': '10.0.0.7', 'port': 5678} and said.endswith('--wait three.py\n')
    for arguments, words in (((), 'Give --role NAME. Its roles: One Two Three'),
                             (('--role', 'Four'), 'no such role. Its roles: One Two Three'),
                             (('--role', 'Two'), 'names no .py file')):
        done = run('config', *(arguments + (path,)))
        assert done.returncode == 1 and done.stdout == '' and words in done.stderr


@pytest.mark.two_pythons
def test_s43_role_under_ptvsd(debuggee, adapter, pair, tmp_path):
    """The command line that is told for the role starts it, and the configuration attaches to it."""
    told, said = configured(service(tmp_path, ('WorkerRole1', LAUNCH)))
    command = said.splitlines()[-1].strip()
    port = servers.free_port()
    launch = tmp_path / 'python'
    launch.mkdir()
    (launch / 'python').symlink_to(pair.python.path)
    for name in ('worker.py',):
        shutil.copy(os.path.join(servers.PROGRAMS, name), str(tmp_path / name))
    environment = {'PATH': '%s:/usr/bin:/bin' % launch, 'PYTHONPATH': servers.packages.ptvsd(pair.release),
                   'PYTHONDONTWRITEBYTECODE': '1', 'PYTHONUNBUFFERED': '1', 'HOME': os.environ['HOME']}
    with subprocess.Popen(['/bin/sh', '-c', 'exec env ' + command.replace('5678', str(port))], cwd=str(tmp_path),
                          env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        lines = servers.Lines(process.stdout)
        try:
            client = adapter()
            worker = str(tmp_path / 'worker.py')
            client.attach(breakpoints={worker: [servers.line_of(worker, 'work')]},
                          **dict(told, port=listening(port, lines)))
            assert lines.wait('READY') == "READY it's a 'role' ['two words', '$HOME']"
            stop = client.wait_stopped('breakpoint')
            assert client.place(stop.thread) == ('work', servers.line_of(worker, 'work'))
            client.disconnect()
            lines.skip()
            lines.wait('tick')
        finally:
            process.kill()
            process.wait()
            lines.thread.join()


def listening(port, lines):
    """The port, once something listens there; looked up in the kernel's table, as a probe would harm ptvsd."""
    while True:
        with open('/proc/net/tcp') as table:
            if any(':%04X' % port in line and ' 0A ' in line for line in table):
                return port
        assert not lines.over, lines.lines


# ---- what is wrong

@pytest.mark.parametrize('text, words', [
    ('', 'no XML'), ('<configuration>', 'no XML'), ('\x00\x01', 'no XML'), ('<project/>', 'neither a web.debug'),
    ('<!DOCTYPE configuration [<!ENTITY a "b">]><configuration/>', 'document type'),
    ('<configuration>' + '<a>' * 100 + '</a>' * 100 + '</configuration>', 'too deeply'),
    ('<configuration>' + ' ' * (5 << 20) + '</configuration>', 'larger than'),
    ('<configuration/>', 'no WSGI_PTVSD_SECRET'), (SITE % ('', 'ptvsd'), 'is empty'),
    ('<ServiceDefinition/>', 'Its roles: none'), (SITE % ('x', 'ptvsd'), 'Give --site')])
def test_refused(tmp_path, text, words):
    done = run('config', written(tmp_path, text))
    assert done.returncode == 1 and done.stdout == '' and words in done.stderr, done.stderr


@pytest.mark.parametrize('arguments, words', [
    ((), 'takes one FILE'), (('/no/such/file',), 'No such file'), (('/',), 'directory'),
    (('--editor', 'ed', 'x'), 'no editor "ed"'), (('--site', 'a b', 'SITE'), 'host')])
def test_bad_arguments(tmp_path, arguments, words):
    path = written(tmp_path, SITE % ('hidden-word', 'ptvsd'))
    done = run('config', *[path if word == 'SITE' else word for word in arguments])
    assert done.returncode == 1 and done.stdout == '' and words in done.stderr and 'hidden-word' not in done.stderr


# ---- other editors

ODD = '\\"\t\x7f9\xfc$'  # the secret that every language must keep
ODD_XML = '\\&quot;&#9;\x7f9\xfc$'


def printed(tmp_path, editor):
    done = run('config', '--editor', editor, '--site', 'x', written(tmp_path, SITE % (ODD_XML, 'ptvsd')))
    assert done.returncode == 0
    return done.stdout


def test_vimspector(tmp_path):
    told = json.loads(printed(tmp_path, 'vimspector'))
    assert told['adapters']['ptvsd-dap']['command'] == ['ptvsd-dap']
    one = told['configurations']['Azure site']
    assert one['adapter'] == 'ptvsd-dap' and one['filetypes'] == ['python']
    assert one['configuration'] == {'request': 'attach', 'uri': 'wss://x.azurewebsites.net/ptvsd', 'secret': ODD}


@pytest.mark.skipif(not shutil.which('nvim'), reason='no nvim here to read Lua')
def test_nvim_dap(tmp_path):
    script = tmp_path / 'script.lua'
    script.write_text("local dap = { adapters = {}, configurations = {} }\n"
                      "package.preload.dap = function() return dap end\n(function()\n%s\nend)()\n"
                      "io.stdout:write(vim.json.encode(dap))\n" % printed(tmp_path, 'nvim-dap'))
    done = subprocess.run(['nvim', '-u', 'NONE', '--headless', '-c', 'luafile %s' % script, '-c', 'qa!'],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=dict(os.environ, HOME=str(tmp_path)))
    told = json.loads(done.stdout.decode('utf-8'))
    assert told['adapters']['ptvsd'] == {'type': 'executable', 'command': 'ptvsd-dap'}
    assert told['configurations']['python'] == [{
        'type': 'ptvsd', 'request': 'attach', 'name': 'Azure site', 'uri': 'wss://x.azurewebsites.net/ptvsd',
        'secret': ODD}]


@pytest.mark.skipif(not shutil.which('emacs'), reason='no Emacs here to read Lisp')
def test_dape(tmp_path):
    script = tmp_path / 'script.el'
    script.write_text("(setq dape-configs nil)\n%s\n(setq one (cdr (assq 'ptvsd dape-configs)))\n"
                      "(require 'json)\n(princ (json-encode (list :secret (plist-get one :secret) :uri "
                      "(plist-get one :uri) :port (plist-get one 'command))))\n" % printed(tmp_path, 'dape'))
    done = subprocess.run(['emacs', '-Q', '--batch', '-l', str(script)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, env=dict(os.environ, HOME=str(tmp_path), LC_ALL='C.UTF-8'))
    assert json.loads(done.stdout.decode('utf-8')) == {
        'secret': ODD, 'uri': 'wss://x.azurewebsites.net/ptvsd', 'port': 'ptvsd-dap'}
