"""The pages of editors that are not run here: what each would send with the printed configuration attaches to a real
server, and the folders map."""

import asyncio
import json
import re
import shlex
import subprocess
import sys
import types

import pytest

import dap
import dapschema
import packages
import pages


@pytest.fixture(scope='module')
def judge():
    return dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


def helix(text):
    """Its templates put answers in place of {0}, {1} …; what is all digits becomes a number."""
    tomllib = pytest.importorskip('tomllib', reason='no tomllib in this Python')
    (language,) = tomllib.loads(text)['language']
    (template,) = language['debugger']['templates']
    assert language['debugger']['command'] == 'ptvsd-dap' and language['debugger']['transport'] == 'stdio'
    answers = [one.get('default') for one in template['completion']]
    answers[2:4] = ['hush-4711', pages.LOCAL]
    sent = {name: re.sub(r'\{(\d)\}', lambda found: answers[int(found.group(1))], value)
            for name, value in template['args'].items()}
    return dict({name: int(value) if value.isdigit() else value for name, value in sent.items()}, request='attach')


def zed(text):
    (scenario,) = json.loads(text.replace('$ZED_WORKTREE_ROOT', pages.LOCAL))
    del scenario['label'], scenario['adapter']
    return scenario


def sublime(text):
    (configuration,) = json.loads(text.replace('${folder}', pages.LOCAL))['debugger_configurations']
    return configuration


def kate(text):
    (adapter,) = json.loads(text)['dap'].values()
    assert adapter['run']['command'] == ['ptvsd-dap']
    request = adapter['configurations']['attach']['request']
    assert request.pop('command') == 'attach'
    return request


def eclipse(text):
    """Its JSON library knows no whole numbers."""
    return {name: float(value) if isinstance(value, int) else value for name, value in json.loads(text).items()}


def vscode(text):
    """launch.json is JSON with comments; the secret is asked for."""
    (configuration,) = json.loads(text.replace('${workspaceFolder}', pages.LOCAL))['configurations']
    return dict(configuration, secret='hush-4711')


@pytest.mark.parametrize('page, language, number, sent', [
    ('helix.md', 'toml', 0, helix), ('zed.md', 'json', 1, zed), ('sublime.md', 'json', 0, sublime),
    ('kate.md', 'json', 0, kate), ('eclipse.md', 'json', 0, eclipse), ('vscode.md', 'json', 0, vscode)],
    ids=lambda value: value if str(value).endswith('.md') else '')
def test_attaches(place, program, judge, page, language, number, sent):
    text = pages.block(page, language, number).replace('my_secret', 'hush-4711')
    arguments = sent(pages.replaced(text, program, pages.LOCAL))
    arguments = json.loads(json.dumps(arguments).replace(pages.LOCAL, place.project))
    client = dap.Client(judge)
    client.initialize()
    attach = client.send('attach', arguments)
    client.wait_initialized(attach)
    client.set_breakpoints(place.file, [program.line('work')])
    client.request('configurationDone')
    frame = client.top(client.wait_stopped('breakpoint').thread)
    assert frame['source']['path'] == place.file
    client.disconnect()
    client.end()
    assert client.faults == []
    program.goes_on()


def test_zed_script():
    """The script that swallows gdb's argument starts the adapter."""
    text = pages.block('zed.md', 'sh').replace('ptvsd-dap', shlex.quote(dap.adapter_path()))
    said = subprocess.run(['sh', '-c', text, 'script', '-i=dap'], input=b'', stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    assert (said.returncode, said.stdout, said.stderr) == (0, b'', b'')


def test_sublime_class(monkeypatch):
    modules = types.ModuleType('Debugger.modules')
    modules.dap = types.SimpleNamespace(AdapterConfiguration=object, StdioTransport=list)
    monkeypatch.setitem(sys.modules, 'Debugger', types.ModuleType('Debugger'))
    monkeypatch.setitem(sys.modules, 'Debugger.modules', modules)
    made = {}
    exec(compile(pages.block('sublime.md', 'python'), 'sublime.md', 'exec'), made)
    assert made['PtvsdDap'].type == 'ptvsd'
    assert asyncio.run(made['PtvsdDap']().start(None, None)) == ['ptvsd-dap']
