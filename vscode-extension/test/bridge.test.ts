/** The bridge with adapters that misbehave; with the real one it is in attach.test.ts. */

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

import { Bridge, Message } from '../src/bridge';
import { Credentials } from '../src/credentials';
import { FakeStore, Script } from './fakes';

interface Session {
    bridge: Bridge;
    heard: Message[];
    until(fits: (message: Message) => boolean): Promise<Message>;
}

/** An adapter of a few lines of JavaScript. */
function session(code: string, program = process.execPath, person = new Script()): Session {
    const heard: Message[] = [];
    let look = (): void => undefined;
    const bridge = new Bridge(program, ['-e', code], new Credentials(new FakeStore(), person), (message) => {
        heard.push(message);
        look();
    });
    const until = (fits: (message: Message) => boolean): Promise<Message> => new Promise((resolve) => {
        look = () => {
            const found = heard.find(fits);
            if (found)
                resolve(found);
        };
        look();
    });
    return { bridge, heard, until };
}

const ATTACH: Message = { seq: 1, type: 'request', command: 'attach', arguments: { uri: 'h' } };

test('an adapter that dies fails what waits, and ends the session once', async () => {
    const { bridge, heard, until } = session('console.error("last words"); process.exit(3)');
    bridge.take(ATTACH);
    bridge.take({ seq: 2, type: 'request', command: 'threads' });
    await until((one) => one.event === 'terminated');
    assert.deepEqual(heard.filter((one) => one.type === 'response').map((one) => [one.request_seq, one.success]),
        [[1, false], [2, false]]);
    assert.match(String(heard.find((one) => one.request_seq === 1)?.message), /\(3\)/);
    assert.ok(heard.some((one) => one.event === 'output' && String(one.body?.['output']).includes('last words')));
    bridge.take({ seq: 3, type: 'request', command: 'disconnect' });
    assert.equal((await until((one) => one.request_seq === 3)).success, true);
    assert.equal(heard.filter((one) => one.event === 'terminated').length, 1);
});

test('what is no adapter is said', async () => {
    const { bridge, until } = session('process.stdout.write("Usage: none\\r\\n\\r\\n"); setInterval(() => 0, 1e6)');
    bridge.take(ATTACH);
    assert.match(String((await until((one) => one.request_seq === 1)).message), /Debug Adapter Protocol/);
    bridge.end();
});

test('a program that is not there is said', async () => {
    const { bridge, until } = session('', '/nowhere/ptvsd-dap');
    bridge.take(ATTACH);
    assert.match(String((await until((one) => one.request_seq === 1)).message), /\/nowhere\/ptvsd-dap cannot be run/);
});

test('after the end nothing more is told', async () => {
    const { bridge, heard } = session('process.stdin.on("end", () => console.error("last words")).resume()');
    bridge.end();
    await once((bridge as unknown as { process: ChildProcess }).process, 'close');
    assert.deepEqual(heard, []);
});

/** Refuses the first attach for its secret, and tells of any other. */
const STUBBORN = `
    const say = (message) => {
        const body = JSON.stringify({ seq: 0, ...message });
        process.stdout.write('Content-Length: ' + body.length + '\\r\\n\\r\\n' + body);
    };
    let first = true;
    process.stdin.on('data', (bytes) => {
        const text = String(bytes);
        if (text.includes('"attach"'))
            say(first ? { type: 'response', request_seq: 1, command: 'attach', success: false,
                body: { error: { variables: { failure: 'wrong-secret' } } } } : { type: 'event', event: 'attachedAfterAll' });
        first = first && !text.includes('"attach"');
        if (text.includes('"threads"'))
            say({ type: 'response', request_seq: 3, command: 'threads', success: true });
    });`;

test('who disconnects while a question is open does not attach after all', async () => {
    const person = new Script();
    let answer: (secret: string) => void = () => undefined;
    person.secret = () => new Promise((resolve) => { answer = resolve; });
    const { bridge, heard, until } = session(STUBBORN, process.execPath, person);
    bridge.take(ATTACH);
    while (answer.length === 0)
        await new Promise((resolve) => setImmediate(resolve));
    bridge.take({ seq: 2, type: 'request', command: 'disconnect' });
    answer('secret');
    await new Promise((resolve) => setImmediate(resolve));
    bridge.take({ seq: 3, type: 'request', command: 'threads' });
    await until((one) => one.request_seq === 3);
    assert.ok(!heard.some((one) => one.event === 'attachedAfterAll'));
    bridge.end();
});

test('an attach that was cancelled asks nothing, and shows no box', async () => {
    const person = new Script();
    const { bridge, until } = session(STUBBORN, process.execPath, person);
    bridge.take(ATTACH);
    bridge.take({ seq: 2, type: 'request', command: 'cancel' });
    assert.equal((await until((one) => one.request_seq === 1)).body?.error?.showUser, false);
    assert.deepEqual(person.asked, []);
    bridge.end();
});
