"""The tests of tests/live that hold for any debug server, on servers that speak DAP themselves. What of
them does not, and why, stands in relay_limits.py. Those that share a session between them stay there."""

import importlib
import inspect

MODULES = ('test_breakpoints', 'test_leaving', 'test_running', 'test_stepping', 'test_threads', 'test_exceptions',
           'test_output', 'test_unicode', 'test_pause')
FIXTURES = {'debuggee', 'adapter', 'pair', 'how', 'state', 'tmp_path'}

for module in MODULES:
    for name, thing in vars(importlib.import_module(module)).items():
        if name.startswith('test_') and FIXTURES.issuperset(inspect.signature(thing).parameters):
            globals()['%s__%s' % (module, name[5:])] = thing
del module, name, thing
