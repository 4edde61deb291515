/** With the real `ptvsd-dap config`, where PTVSD_TEST_PROGRAM names it. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';

import { Asked, importAzure, Imported } from '../src/azure';
import { run } from '../src/command';

const { PTVSD_TEST_PROGRAM = '' } = process.env;
const skip = !PTVSD_TEST_PROGRAM && 'no ptvsd-dap is named';
const root = mkdtempSync(path.join(tmpdir(), 'ptvsd-remote-'));
after(() => rmSync(root, { recursive: true }));

function imported(text: string, answers: Partial<Asked>): Promise<Imported | undefined> {
    const file = path.join(root, text.includes('<ServiceDefinition') ? 'ServiceDefinition.csdef' : 'web.debug.config');
    writeFileSync(file, text);
    const nobody = async (): Promise<undefined> => assert.fail('nobody should be asked');
    return importAzure(file, (words) => run({ program: PTVSD_TEST_PROGRAM, words: ['config', ...words],
        secret: undefined }), { site: nobody, role: nobody, ...answers });
}

const SITE = '<configuration><appSettings><add key="WSGI_PTVSD_SECRET" value="hidden"/></appSettings></configuration>';

function role(name: string): string {
    return `<WorkerRole name="${name}"><Runtime><EntryPoint><ProgramEntryPoint commandLine="bin\\ps.cmd LaunchWorker.ps1 ` +
        `${name}.py"/></EntryPoint></Runtime></WorkerRole>`;
}

function service(...roles: string[]): string {
    return '<ServiceDefinition name="s" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">' +
        `${roles.map(role).join('')}</ServiceDefinition>`;
}

test('a site: its secret is kept apart', { skip }, async () => {
    assert.deepEqual(await imported(SITE, { site: async () => 'mysite' }), {
        configuration: { type: 'ptvsd', request: 'attach', name: 'Azure site', uri: 'wss://mysite.azurewebsites.net/ptvsd' },
        place: 'wss://mysite.azurewebsites.net:443/ptvsd', secret: 'hidden', hints: '' });
});

test('a cloud service: which role, and how it is started', { skip }, async () => {
    const names: string[][] = [];
    const found = await imported(service('one', 'two'), { role: async (all) => (names.push(all), 'two') });
    assert.deepEqual(names, [['one', 'two']]);
    assert.deepEqual(found?.configuration, { type: 'ptvsd', request: 'attach', name: 'two', host: '127.0.0.1', port: 5678 });
    assert.match(found?.hints ?? '', /python -m ptvsd .* two\.py/);
    assert.equal((await imported(service('only'), {}))?.configuration.name, 'only');
});

test('who leaves gets nothing, and what cannot be read is said', { skip }, async () => {
    assert.equal(await imported(SITE, { site: async () => undefined }), undefined);
    await assert.rejects(imported(SITE.replace('hidden', ''), { site: async () => 'x' }), /WSGI_PTVSD_SECRET is empty/);
    await assert.rejects(imported('<other/>', {}), /./);
    await assert.rejects(imported(SITE, { site: async () => 'no site' }), /./);
});
