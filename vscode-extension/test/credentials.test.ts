import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Attributes } from '../src/configuration';
import { Credentials } from '../src/credentials';
import { FakeStore, Script } from './fakes';

const PLACE = 'tcps://host:5678';
const GIVEN: Attributes = { uri: 'tcps://host' };

test('what is known is put in, and what the configuration says goes before it', async () => {
    const store = new FakeStore({ [PLACE]: 'kept' }, { [PLACE]: 'AB' });
    const credentials = new Credentials(store, new Script());
    assert.deepEqual(await credentials.complete(GIVEN), { ...GIVEN, secret: 'kept', tlsPin: 'AB' });
    for (const settled of [{ secret: 's', tlsPin: 'CD' }, { secret: '', tlsCaFile: '/x' },
        { secret: null, tlsAllowUntrusted: true }])
        assert.deepEqual(await credentials.complete({ ...GIVEN, ...settled }), { ...GIVEN, ...settled });
    assert.deepEqual(await credentials.complete({ secretFile: '/x', ...GIVEN, tlsPin: 'CD' }),
        { secretFile: '/x', ...GIVEN, tlsPin: 'CD' });
    assert.deepEqual(await credentials.complete({ uri: ['a', 'b'] }), { uri: ['a', 'b'] });
});

test('a pin stays where there is TLS', async () => {
    const credentials = new Credentials(new FakeStore({}, { 'tcp://host:5678': 'AB' }), new Script());
    assert.deepEqual(await credentials.complete({ uri: 'tcp://host' }), { uri: 'tcp://host' });
});

test('a wrong secret is forgotten and asked again, a missing one just asked', async () => {
    const store = new FakeStore({ [PLACE]: 'old' });
    const script = new Script('new', undefined, undefined);
    const credentials = new Credentials(store, script);
    const tried = await credentials.complete(GIVEN);
    assert.deepEqual(await credentials.mend(GIVEN, tried, { failure: 'wrong-secret' }), { ...GIVEN, secret: 'new' });
    assert.deepEqual([store.secrets, script.asked], [{}, [['secret', PLACE, true]]]);
    assert.equal(await credentials.mend(GIVEN, GIVEN, { failure: 'wrong-secret' }), 'left');
    assert.deepEqual(script.asked[1], ['secret', PLACE, false]);
    credentials.offer(PLACE, 'wrong');
    assert.equal(await credentials.mend(GIVEN, { ...GIVEN, secret: 'wrong' }, { failure: 'wrong-secret' }), 'left');
    assert.deepEqual(await credentials.knownOf(PLACE), {}); // nor is it tried the next time
});

test('a secret is kept when the attach has worked, unless the configuration has it', async () => {
    const store = new FakeStore();
    const credentials = new Credentials(store, new Script());
    credentials.offer(PLACE, 'typed');
    credentials.attached(GIVEN, await credentials.complete(GIVEN));
    assert.deepEqual([store.secrets, store.attached], [{ [PLACE]: 'typed' }, [PLACE]]);
    const own = { ...GIVEN, secret: 'own' };
    credentials.attached(own, own);
    assert.deepEqual([store.secrets, store.attached], [{ [PLACE]: 'typed' }, [PLACE, PLACE]]);
    credentials.attached({ uri: ['a', 'b'] }, { uri: ['a', 'b'] });
    assert.equal(store.attached.length, 2);
});

test('a failed attach is diagnosed by its own way, and its link holds nothing of that', async () => {
    const store = new FakeStore({ [PLACE]: 'kept' }, { [PLACE]: 'AB' });
    const credentials = new Credentials(store, new Script());
    assert.deepEqual(await credentials.wayTo(PLACE), { uri: PLACE, secret: 'kept', tlsPin: 'AB' });
    for (const own of [{ ...GIVEN, secret: 'own' }, { uri: 'tcps://own@host' }]) {
        const given: Attributes = { ...own, tlsCaFile: '/ca', connectTimeout: 9 };
        const help = credentials.help(given);
        assert.ok(help && !help.url.includes('own') && !help.url.includes('ca'));
        assert.deepEqual(await credentials.wayTo(PLACE), { ...given, secret: 'own' });
    }
    const file = { ...GIVEN, secretFile: '/s' };
    credentials.help(file);
    assert.deepEqual(await credentials.wayTo(PLACE), { ...file, tlsPin: 'AB' });
    credentials.attached(file, file);
    assert.deepEqual(await credentials.wayTo(PLACE), { uri: PLACE, secret: 'kept', tlsPin: 'AB' });
});

test('a certificate is asked for by its fingerprint, and pinned', async () => {
    const store = new FakeStore();
    const script = new Script(true, true, false);
    const credentials = new Credentials(store, script);
    const failure = { failure: 'certificate', fingerprint: 'AB:CD' };
    assert.deepEqual(await credentials.mend(GIVEN, GIVEN, failure), { ...GIVEN, tlsPin: 'AB:CD' });
    const other = { failure: 'certificate', fingerprint: 'EF' };
    assert.deepEqual(await credentials.mend(GIVEN, { ...GIVEN, tlsPin: 'AB:CD' }, other), { ...GIVEN, tlsPin: 'EF' });
    assert.equal(await credentials.mend(GIVEN, { ...GIVEN, tlsPin: 'EF' }, failure), 'left');
    assert.deepEqual(script.asked, [['certificate', PLACE, 'AB:CD', undefined], ['certificate', PLACE, 'EF', 'AB:CD'],
        ['certificate', PLACE, 'AB:CD', 'EF']]);
    assert.deepEqual(store.pins, { [PLACE]: 'EF' });
});

test('nobody is asked about what the configuration settles, nor about anything else', async () => {
    const credentials = new Credentials(new FakeStore(), new Script());
    const secret = { failure: 'wrong-secret' }, certificate = { failure: 'certificate', fingerprint: 'AB' };
    for (const [given, failure] of [[{ ...GIVEN, secret: 's' }, secret], [{ ...GIVEN, secretEnv: 's' }, secret],
        [{ uri: 's@host' }, secret], [{ ...GIVEN, tlsCaFile: 'x' }, certificate], [{ ...GIVEN, tlsPin: 'x' }, certificate],
        [{ uri: ['a', 'b'] }, secret], [GIVEN, { failure: 'certificate' }], [GIVEN, { failure: 'refused' }], [GIVEN, {}],
    ] as const)
        assert.equal(await credentials.mend(given, given, failure), undefined, JSON.stringify([given, failure]));
});
