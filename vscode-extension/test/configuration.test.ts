import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseAddress, parseAddresses } from '../src/address';
import { apart, canMigrate, fromAddress, migrate, named, normalise, placeOf, refusal, settlesCertificate, settlesSecret }
    from '../src/configuration';

const OLD_PYTHON = {
    name: 'Attach (Remote Debug)', type: 'python', request: 'attach', localRoot: '${workspaceFolder}',
    remoteRoot: '/srv/app', port: 3000, secret: 'my_secret', host: 'localhost', debugOptions: ['RedirectOutput', 'Django'],
};
const DEBUGPY = {
    name: 'Python: Remote', type: 'debugpy', request: 'attach', connect: { host: '10.0.0.5', port: '5679' },
    pathMappings: [{ localRoot: '${workspaceFolder}', remoteRoot: '/app' }], justMyCode: false, subProcess: true,
    redirectOutput: false,
};

test('the attach block of the old Python extension', () => {
    assert.ok(canMigrate(OLD_PYTHON));
    assert.deepEqual(normalise(migrate(OLD_PYTHON)), {
        name: 'Attach (Remote Debug)', type: 'ptvsd', request: 'attach', host: 'localhost', port: 3000,
        secret: 'my_secret', pathMappings: [{ localRoot: '${workspaceFolder}', remoteRoot: '/srv/app' }],
        debugOptions: ['RedirectOutput', 'Django'], django: true,
    });
});

test('the attach block of debugpy', () => {
    assert.ok(canMigrate(DEBUGPY));
    assert.deepEqual(normalise(migrate(DEBUGPY)), {
        name: 'Python: Remote', type: 'ptvsd', request: 'attach', host: '10.0.0.5', port: 5679,
        pathMappings: [{ localRoot: '${workspaceFolder}', remoteRoot: '/app' }], justMyCode: false,
        redirectOutput: false,
    });
});

test('what cannot be attached to through a port is left alone', () => {
    assert.ok(!canMigrate({ ...DEBUGPY, request: 'launch' }));
    assert.ok(!canMigrate({ type: 'debugpy', request: 'attach', processId: 7 }));
    assert.ok(!canMigrate({ type: 'debugpy', request: 'attach', listen: { port: 5 } }));
    assert.ok(!canMigrate({ type: 'ptvsd', request: 'attach', port: 5678 }));
});

test('what contradicts itself stays so, for the adapter to name', () => {
    const both = normalise({ connect: { host: 'a', port: 1 }, host: 'b' });
    assert.deepEqual([both['connect'], both['host']], [{ host: 'a', port: 1 }, 'b']);
});

test('roots join the list of mappings; one alone is dropped', () => {
    const listed = [{ localRoot: 'a', remoteRoot: 'b' }];
    assert.deepEqual(normalise({ pathMappings: listed, localRoot: 'c', remoteRoot: 'd' })['pathMappings'],
        [...listed, { localRoot: 'c', remoteRoot: 'd' }]);
    const alone = normalise({ host: 'h', localRoot: 'c' });
    assert.ok(!('pathMappings' in alone) && !('localRoot' in alone));
});

test('normalising twice changes nothing more', () => {
    for (const one of [OLD_PYTHON, DEBUGPY, { uri: 'ws://h/p' }])
        assert.deepEqual(normalise(normalise(migrate(one))), normalise(migrate(one)));
});

test('attributes that nobody knows stay', () => {
    assert.equal(normalise({ host: 'h', presentation: 1 })['presentation'], 1);
});

test('refusals', () => {
    assert.match(refusal(normalise({ request: 'other', host: 'h' })) ?? '', /"attach" or "launch"/);
    assert.equal(refusal(normalise({ request: 'launch' })), undefined); // the adapter says what is missing
    assert.match(refusal(normalise({ name: 'x' })) ?? '', /"host"/);
    for (const enough of [{ host: 'h' }, { port: 1 }, { uri: 'h' }, { connect: { port: 1 } }, { qualifier: 'h' }])
        assert.equal(refusal(normalise(enough)), undefined);
});

test('addresses', () => {
    const cases: [string, string | undefined, string | undefined][] = [
        ['10.0.0.5', 'tcp://10.0.0.5:5678', undefined],
        [' host:5678 ', 'tcp://host:5678', undefined],
        ['s@host:1', 'tcp://host:1', 's'],
        ['tcp://s@host', 'tcp://host:5678', 's'],
        ['a@b@host', 'tcp://host:5678', 'a@b'],
        ['p%40ss%3F@host', 'tcp://host:5678', 'p@ss?'],
        ['50%@host', 'tcp://host:5678', '50%'],
        ['@host', 'tcp://host:5678', ''],
        ['[::1]:99', 'tcp://[::1]:99', undefined],
        ['ws://s@host:80/ptvsd?x=1', 'ws://host:80/ptvsd?x=1', 's'],
        ['ws://host/p', 'ws://host:80/p', undefined],
        ['wss://host', 'wss://host:443', undefined],
        ['wss://host/p?user=me@example.com', 'wss://host:443/p?user=me@example.com', undefined],
        ['wss://a@b@host/@', 'wss://host:443/@', 'a@b'],
        ['tcp://aB3/xyz@host:1', undefined, undefined],
        ['se/cret@host', undefined, undefined],
        ['', undefined, undefined],
        ['host:0', undefined, undefined],
        ['host:70000', undefined, undefined],
        ['two words', undefined, undefined],
        ['http://host', undefined, undefined],
    ];
    for (const [typed, shown, secret] of cases) {
        const found = parseAddress(typed);
        assert.deepEqual([found?.shown, found?.secret], [shown, secret], typed);
    }
});

test('several addresses', () => {
    const shown = (text: string): string[] => parseAddresses(text).map((one) => one.shown.replace('tcp://', ''));
    assert.deepEqual(shown('h:1'), ['h:1']);
    assert.deepEqual(shown(' h:1, i:2  j '), ['h:1', 'i:2', 'j:5678']);
    assert.deepEqual(shown('h:1-3 i'), ['h:1', 'h:2', 'h:3', 'i:5678']);
    assert.deepEqual(shown('s@[::1]:8-9'), ['[::1]:8', '[::1]:9']);
    for (const none of ['', 'h:3-1', 'h:1-65', 'h:65535-65536', 'h http://i'])
        assert.deepEqual(shown(none), [], none);
    assert.deepEqual(parseAddresses('my secret@h'), [{ shown: 'tcp://h:5678', secret: 'my secret' }]); // nobody is asked for "my"
});

test('a configuration for a file has no secret and a name of its own', () => {
    const given = normalise({ name: 'x', uri: 'wss://h/p', secret: 's' });
    const { secret, ...rest } = given;
    assert.deepEqual(apart(given), { configuration: rest, place: 'wss://h:443/p', secret });
    assert.deepEqual(apart(rest as typeof given).secret, undefined);
    for (const kept of [{ uri: ['a', 'b'], secret: 's' }, { host: 'h', secret: '${env:S}' }, { host: '${env:H}', secret: 's' }])
        assert.equal(apart(normalise(kept)).configuration['secret'], kept.secret); // there is no place to keep it by
    assert.deepEqual(['x', 'y'].map((name) => named(given, [{ name }, { name: 'x 2' }]).name), ['x 3', 'x']);
});

test('who settles the certificate', () => {
    for (const settled of [{ tlsPin: 'x' }, { tlsCaFile: 'x' }, { tlsAllowUntrusted: true }])
        assert.ok(settlesCertificate(settled), JSON.stringify(settled));
    for (const open of [{}, { tlsAllowUntrusted: false }, { tlsServerName: 'x' }, { tlsMinVersion: '1.2' }])
        assert.ok(!settlesCertificate(open), JSON.stringify(open));
});

test('a place never holds the secret', () => {
    for (const uri of ['tcp://hidden@h:1', 'hidden@h:1', 'a@hidden@h:1', 'ws://hidden@h:1/p'])
        assert.ok(!placeOf({ uri }).includes('hidden'), uri);
    assert.deepEqual([placeOf({ uri: 'hidden @ h' }), placeOf({ uri: ['hidden@h'] })], ['', '']);
    assert.equal(placeOf({}), 'tcp://127.0.0.1:5678');
    assert.equal(placeOf({ host: 'h', port: 9 }), 'tcp://h:9');
    assert.equal(placeOf({ connect: { host: 'h', port: 9 } }), 'tcp://h:9');
    assert.equal(placeOf(fromAddress('tcp://h:9')), 'tcp://h:9');
});

test('one place has one name, and can be attached to by it', () => {
    const names = [{ host: '::1' }, { uri: '[::1]' }, { uri: 'tcp://[::1]:5678' }].map(placeOf);
    assert.deepEqual(new Set(names), new Set(['tcp://[::1]:5678']));
    assert.equal(parseAddress(names[0] ?? '')?.shown, names[0]);
});

test('who settles the secret', () => {
    for (const settled of [{ secret: 's' }, { secret: '' }, { secret: null }, { secretFile: 'f' }, { secretEnv: 'E' },
        { uri: 's@h' }, { uri: '@h' },
        { uri: ['h', 'i'] }, { uri: 'no address' }])
        assert.ok(settlesSecret(settled), JSON.stringify(settled));
    for (const open of [{}, { uri: 'h' }, { host: 'h' }])
        assert.ok(!settlesSecret(open), JSON.stringify(open));
});
