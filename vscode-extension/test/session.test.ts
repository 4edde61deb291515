/** A session by an independent client of the protocol. tests/editors/test_extension.py starts the program and says
 *  where it is; without it there is nothing to attach to. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { DebugProtocol } from '@vscode/debugprotocol';

import { DebugClient } from '@vscode/debugadapter-testsupport';

const { PTVSD_TEST_ADAPTER, PTVSD_TEST_PORT, PTVSD_TEST_FILE, PTVSD_TEST_LINE, PTVSD_TEST_REMOTE, PTVSD_TEST_LOCAL } =
    process.env;
const file = PTVSD_TEST_FILE ?? '';
const line = Number(PTVSD_TEST_LINE);

async function topFrame(client: DebugClient, stop: DebugProtocol.StoppedEvent): Promise<DebugProtocol.StackFrame> {
    const answer = await client.stackTraceRequest({ threadId: stop.body.threadId ?? 0, startFrame: 0, levels: 1 });
    const frame = answer.body.stackFrames[0];
    assert.ok(frame);
    return frame;
}

async function valuesOf(client: DebugClient, variablesReference: number): Promise<Map<string, DebugProtocol.Variable>> {
    const answer = await client.variablesRequest({ variablesReference });
    return new Map(answer.body.variables.map((one) => [one.name, one]));
}

async function attached(client: DebugClient): Promise<DebugProtocol.StoppedEvent> {
    await client.start();
    await client.initializeRequest({ adapterID: 'ptvsd', pathFormat: 'path' });
    const initialized = client.waitForEvent('initialized');
    const attach = client.attachRequest({
        host: '127.0.0.1', port: Number(PTVSD_TEST_PORT), secret: 'hush-4711',
        pathMappings: [{ localRoot: PTVSD_TEST_LOCAL, remoteRoot: PTVSD_TEST_REMOTE }],
    } as DebugProtocol.AttachRequestArguments);
    await initialized;
    const answer = await client.setBreakpointsRequest({ source: { path: file }, breakpoints: [{ line }] });
    assert.equal(answer.body.breakpoints.length, 1);
    const stopped = client.waitForEvent('stopped') as Promise<DebugProtocol.StoppedEvent>;
    await client.configurationDoneRequest();
    await attach;
    return stopped;
}

test('attach, stop, look, step, detach', { skip: !PTVSD_TEST_PORT && 'no program to attach to' }, async () => {
    const client = new DebugClient('sh', PTVSD_TEST_ADAPTER ?? '', 'ptvsd');
    const stop = await attached(client);
    assert.equal(stop.body.reason, 'breakpoint');
    const frame = await topFrame(client, stop);
    assert.deepEqual([frame.source?.path, frame.line, frame.name], [file, line, 'show']);
    const scopes = (await client.scopesRequest({ frameId: frame.id })).body.scopes;
    const locals = await valuesOf(client, scopes[0]?.variablesReference ?? 0);
    assert.equal(locals.get('number')?.value, '42');
    const items = await valuesOf(client, locals.get('items')?.variablesReference ?? 0);
    assert.equal(items.get('[0]')?.value, '1');
    for (const context of ['hover', 'watch', 'repl'] as const)
        assert.equal((await client.evaluateRequest({ expression: 'number + 1', frameId: frame.id, context })).body.result,
            '43');
    const stepped = client.waitForEvent('stopped') as Promise<DebugProtocol.StoppedEvent>;
    await client.nextRequest({ threadId: stop.body.threadId ?? 0 });
    assert.equal((await topFrame(client, await stepped)).line, line + 1);
    await client.disconnectRequest({}); // the adapter goes by itself: node would wait for it
});
