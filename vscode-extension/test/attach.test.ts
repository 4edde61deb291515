/** The bridge and the subcommands with the real adapter, in front of a real program that asks for the secret "secret".
 *  tests/editors/test_extension.py says where they are; without it there is nothing to attach to. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Bridge, Message } from '../src/bridge';
import { asking, run } from '../src/command';
import { Attributes, placeOf } from '../src/configuration';
import { Credentials } from '../src/credentials';
import { readListing, rowOf } from '../src/listing';
import { FakeStore, Script } from './fakes';

const { PTVSD_TEST_PROGRAM = '', PTVSD_TEST_PORT, PTVSD_TEST_TLS_PORT, PTVSD_TEST_PIN = '', PTVSD_TEST_PID } = process.env;
const skip = !PTVSD_TEST_PORT && 'no program to attach to';
const PLAIN: Attributes = { host: '127.0.0.1', port: Number(PTVSD_TEST_PORT) };
const TLS: Attributes = { uri: `tcps://127.0.0.1:${PTVSD_TEST_TLS_PORT}` };

/** Attaches as an editor does, and detaches; gives the answer to the attach. */
async function attach(given: Attributes, store: FakeStore, person: Script): Promise<Message> {
    return new Promise((resolve) => {
        let answer: Message;
        const bridge = new Bridge(PTVSD_TEST_PROGRAM, [], new Credentials(store, person), (message) => {
            if (message.command === 'initialize')
                bridge.take({ seq: 2, type: 'request', command: 'attach', arguments: given });
            if (message.event === 'initialized')
                bridge.take({ seq: 3, type: 'request', command: 'configurationDone' });
            if (message.command === 'attach') {
                answer = message;
                bridge.take({ seq: 4, type: 'request', command: 'disconnect' });
            }
            if (message.command === 'disconnect') {
                bridge.end();
                resolve(answer);
            }
        });
        bridge.take({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'ptvsd' } });
    });
}

test('in one attach: no secret, a wrong one, the right one; the next time it is known', { skip }, async () => {
    const store = new FakeStore(), place = placeOf(PLAIN), person = new Script('wrong', 'hush-4711');
    assert.equal((await attach(PLAIN, store, person)).success, true);
    assert.deepEqual(person.asked, [['secret', place, false], ['secret', place, true]]);
    assert.deepEqual([store.secrets, store.attached], [{ [place]: 'hush-4711' }, [place]]);
    assert.equal((await attach(PLAIN, store, new Script())).success, true);
});

test('a stored secret that fits no more is forgotten; leaving shows no box', { skip }, async () => {
    const store = new FakeStore({ [placeOf(PLAIN)]: 'old' });
    const answer = await attach(PLAIN, store, new Script(undefined));
    assert.deepEqual([answer.success, answer.body?.error?.showUser, store.secrets], [false, false, {}]);
});

test('who disconnects while a question is open is let go', { skip }, async () => {
    let bridge: Bridge;
    const person = new Script();
    person.secret = () => {
        bridge.take({ seq: 3, type: 'request', command: 'disconnect' });
        return new Promise((resolve) => setTimeout(() => resolve('hush-4711'), 50)); // the box is still there
    };
    const heard: Message[] = [];
    const store = new FakeStore();
    await new Promise<void>((resolve) => {
        bridge = new Bridge(PTVSD_TEST_PROGRAM, [], new Credentials(store, person), (message) => {
            heard.push(message);
            if (message.command === 'initialize')
                bridge.take({ seq: 2, type: 'request', command: 'attach', arguments: PLAIN });
            if (message.event === 'terminated') // the adapter has gone by itself
                resolve();
        });
        bridge.take({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'ptvsd' } });
    });
    assert.equal(heard.find((one) => one.command === 'disconnect')?.success, true);
    assert.deepEqual(store.attached, []);
});

test('what no answer helps with is said, and leads to the doctor', { skip }, async () => {
    const answer = await attach({ ...PLAIN, secret: 'wrong' }, new FakeStore(), new Script());
    assert.match(answer.message ?? '', /not accepted/);
    assert.equal(answer.body?.error?.showUser, true);
    assert.equal(decodeURIComponent(answer.body?.error?.url ?? ''), `command:ptvsd.diagnose?["${placeOf(PLAIN)}"]`);
});

test('a certificate is asked for, and a changed one again', { skip }, async () => {
    const store = new FakeStore({ [placeOf(TLS)]: 'hush-4711' });
    const person = new Script(true);
    assert.equal((await attach(TLS, store, person)).success, true);
    assert.deepEqual(person.asked, [['certificate', placeOf(TLS), PTVSD_TEST_PIN, undefined]]);
    assert.equal((await attach(TLS, store, new Script())).success, true);
    const other = PTVSD_TEST_PIN.replace(/[0-9A-F]/g, '0');
    store.pins[placeOf(TLS)] = other;
    const refusing = new Script(false);
    assert.equal((await attach(TLS, store, refusing)).success, false);
    assert.deepEqual(refusing.asked, [['certificate', placeOf(TLS), PTVSD_TEST_PIN, other]]);
});

test('the list, and the doctor', { skip }, async () => {
    const list = async (place: string, known: Attributes): Promise<ReturnType<typeof readListing>> => {
        const { out, err } = await run(asking(PTVSD_TEST_PROGRAM, ['list', '--json'], place, known));
        return readListing(out, err);
    };
    const [found] = await list(placeOf(PLAIN), { secret: 'hush-4711' });
    assert.equal(found?.pid, Number(PTVSD_TEST_PID));
    assert.match(rowOf(found).label, new RegExp(`^\\$\\(debug-alt\\) ${PTVSD_TEST_PID} .*py`));
    assert.equal((await list(placeOf(PLAIN), {}))[0]?.failure, 'wrong-secret');
    const [strange] = await list(placeOf(TLS), { secret: 'hush-4711' });
    assert.deepEqual([strange?.failure, strange?.fingerprint], ['certificate', PTVSD_TEST_PIN]);
    assert.equal((await list(placeOf(TLS), { secret: 'hush-4711', tlsPin: PTVSD_TEST_PIN }))[0]?.pid, found.pid);
    await assert.rejects(list('no address', {}), /address/);
    const heard: string[] = [];
    const done = await run(asking(PTVSD_TEST_PROGRAM, ['doctor'], placeOf(PLAIN),
        { secret: 'hush-4711', connectTimeout: 9, addressFamily: 'ipv4', keepAlive: 30, proxy: 'none' }), undefined,
        (text) => heard.push(text));
    assert.equal(done.status, 0);
    assert.match(heard.join(''), /python/);
});

test('a question that is given up ends', { skip }, async () => {
    const abort = new AbortController();
    const over = run(asking(PTVSD_TEST_PROGRAM, ['list'], placeOf(PLAIN), {}), abort.signal);
    abort.abort();
    await assert.rejects(over, { name: 'AbortError' });
});
