"""Judges messages by the published schema of the Debug Adapter Protocol.

The schema comes from the debugpy wheel, which bundles it; only that file is read, nothing of debugpy
runs. What the specification has since is added. Where the schema is generous (unknown fields, unknown events) this judge is not: an adapter has no
business sending what the specification does not name.
"""

import json
import re
import zipfile

import jsonschema_rs

ID_LIMIT = 2**31 - 1
ID_FIELDS = {'id', 'threadId', 'frameId', 'moduleId', 'seq', 'request_seq', 'sourceReference',
             'variablesReference', 'namedVariables', 'indexedVariables', 'valueLocationReference'}
MAY_BE_ZERO = {'request_seq', 'sourceReference', 'variablesReference', 'namedVariables', 'indexedVariables'}


def read_definitions(wheel):
    """The schema's definitions out of a debugpy wheel."""
    with zipfile.ZipFile(str(wheel)) as archive:
        names = [name for name in archive.namelist() if name.endswith('/debugProtocol.json')]
        if len(names) != 1:
            raise ValueError('%s holds %d debugProtocol.json' % (wheel, len(names)))
        return with_locations(json.loads(archive.read(names[0]).decode('utf-8'))['definitions'])


def with_locations(definitions):
    """Those of DAP 1.68, where the wheel has older ones: the request and the references for it."""
    number = {'type': 'integer'}
    if 'LocationsRequest' in definitions:
        return definitions
    bodies = [definitions[name + 'Response']['allOf'][-1]['properties']['body']
              for name in ('Evaluate', 'SetVariable', 'SetExpression')]
    for one in bodies + [definitions['Variable']]:
        one['properties']['valueLocationReference'] = number
    request = {'type': 'object', 'properties': {'command': {'type': 'string', 'enum': ['locations']}}}
    body = {'type': 'object', 'required': ['source', 'line'],
            'properties': dict(dict.fromkeys(('line', 'column', 'endLine', 'endColumn'), number),
                               source={'$ref': '#/definitions/Source'})}
    answer = {'type': 'object', 'required': ['body'], 'properties': {'body': body}}
    return dict(definitions, LocationsRequest={'allOf': [{'$ref': '#/definitions/Request'}, request]},
                LocationsResponse={'allOf': [{'$ref': '#/definitions/Response'}, answer]})


def flatten(definitions, part):
    """One object schema without $ref to its parents: allOf merged, later parts winning."""
    if '$ref' in part:
        return flatten(definitions, definitions[part['$ref'].split('/')[-1]])
    merged = {key: value for key, value in part.items() if key != 'allOf'}
    merged['properties'], merged['required'] = {}, []
    for one in part.get('allOf', []) + [{key: value for key, value in part.items() if key != 'allOf'}]:
        one = flatten(definitions, one) if 'allOf' in one or '$ref' in one else one
        for name, value in one.get('properties', {}).items():
            merged['properties'][name] = dict(merged['properties'].get(name, {}), **value)
        merged['required'] += [name for name in one.get('required', []) if name not in merged['required']]
    merged['type'] = 'object'
    return merged


def close(part):
    """The same schema, refusing fields that it does not name."""
    if isinstance(part, list):
        return [close(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {key: close(value) for key, value in part.items()}
    if part.get('properties') and 'allOf' not in part:
        closed.setdefault('additionalProperties', False)
    return closed


class Judge(object):
    """Validators for every message an adapter may send."""

    def __init__(self, definitions):
        flat = {name: close(flatten(definitions, one)) if 'allOf' in one else close(one)
                for name, one in definitions.items()}
        self.events, self.responses, self.requests = {}, {}, {}
        for name, one in flat.items():
            fields = one.get('properties', {})
            if name.endswith('Event') and name != 'Event':
                self.events[fields['event']['enum'][0]] = self.validator(one, flat)
            elif name.endswith('Request') and name != 'Request':
                command = fields['command']['enum'][0]
                self.requests[command] = self.validator(one, flat)
                self.responses[command] = self.validator(flat[name[:-7] + 'Response'], flat)
        self.error = self.validator(flat['ErrorResponse'], flat)

    @staticmethod
    def validator(part, definitions):
        return jsonschema_rs.Draft7Validator(dict(part, definitions=definitions))

    def choose(self, message):
        """The validator for a message, or a sentence."""
        kind = message.get('type')
        if kind == 'event':
            name = message.get('event')
            return self.events.get(name) or 'the specification has no event %r' % (name,)
        if kind == 'response':
            if message.get('success') is False:
                return self.error
            name = message.get('command')
            return self.responses.get(name) or 'success for a request that does not exist: %r' % (name,)
        if kind == 'request':
            name = message.get('command')
            if name in ('runInTerminal', 'startDebugging'):
                return self.requests[name]
        return 'an adapter does not send this: type %r, command %r' % (kind, message.get('command'))

    def faults(self, message):
        """What is wrong with a message of an adapter: a list of sentences."""
        chosen = self.choose(message)
        if isinstance(chosen, str):
            return [chosen]
        if message.get('success') is False and 'body' not in message:
            message = dict(message, body={})  # the schema wants one, no client does
        found = ['%s: %s' % ('/'.join(str(step) for step in error.instance_path), error.message)
                 for error in chosen.iter_errors(message)]
        return found + list(self.more_faults(message))

    def more_faults(self, message):
        """What editors need beyond the schema."""
        if 'body' in message and message['body'] is None:
            yield 'body is null'
        if message.get('success') is False and not message.get('message'):
            yield 'a failure without a message'
        for name, value in walk(message):
            if name in ID_FIELDS and isinstance(value, int):
                low = 0 if name in MAY_BE_ZERO else 1
                if not low <= value <= ID_LIMIT:
                    yield '%s is %d' % (name, value)
            if value is None and message.get('command') != 'runInTerminal':  # whose environment has them
                yield '%s is null' % name
            if isinstance(value, str) and re.search('[\ud800-\udfff]', value):
                yield '%s holds half a surrogate pair: %r' % (name, value)


def walk(value, name=''):
    """All fields of a message as (name, value); error bodies have ids of their own kind."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key != 'error':
                yield from walk(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one, name)
    else:
        yield name, value
