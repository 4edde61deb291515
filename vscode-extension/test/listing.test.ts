import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asking } from '../src/command';
import type { Attributes } from '../src/configuration';
import { readListing, rowOf } from '../src/listing';

test('a row tells process, executable, user and versions', () => {
    assert.deepEqual(rowOf({ address: 'tcp://h:1', pid: 7, executable: '/usr/bin/python', user: 'me', python: '2.7.18',
        ptvsd: '3.2', protocol: 8 }),
    { label: '$(debug-alt) 7  /usr/bin/python', description: 'me · 2.7.18', detail: 'tcp://h:1 · ptvsd 3.2' });
    assert.match(rowOf({ address: 'tcp://h:1', ptvsd: '1.8', protocol: 'DAP' }).description, /1\.8/);
    assert.match(rowOf({ address: 'tcp://h:1', executable: '', user: '', python: '', ptvsd: '', protocol: 6 }).label, /\?/);
});

test('one that failed says why, and what can be done', () => {
    const failed = { address: 'tcps://h:1', error: 'It did not\nwork.' };
    assert.deepEqual(rowOf({ ...failed, failure: 'wrong-secret' }),
        { label: '$(warning) tcps://h:1', description: 'Give its secret…', detail: 'It did not work.' });
    assert.match(rowOf({ ...failed, failure: 'certificate', fingerprint: 'AB' }).description, /certificate/);
    for (const other of [{}, { failure: 'certificate' }, { failure: 'refused' }])
        assert.match(rowOf({ ...failed, ...other }).description, /Diagnose/);
});

test('a server cannot put icons or lines into the list', () => {
    const { label, description } = rowOf({ address: 'a', pid: 1, executable: '$(flame)\n\x1b[31m', user: '$(x)', protocol: 8 });
    assert.ok(!/\$\(flame|\$\(x|[\n\x1b]/.test(label + description));
});

test('what is no listing is said in the words of ptvsd-dap', () => {
    assert.deepEqual(readListing('[]', ''), []);
    assert.throws(() => readListing('', 'ptvsd-dap: it is no address.\n'), { message: 'it is no address.' });
    assert.throws(() => readListing('{}', ''), /did not say/);
});

test('the secret is not on the command line', () => {
    const made = asking('p', ['list', '--json'], 'tcps://h:1', { secret: 'hidden', tlsPin: 'AB' });
    assert.ok(!made.words.join(' ').includes('hidden'));
    assert.deepEqual(made, { program: 'p', secret: 'hidden',
        words: ['list', '--json', '--secret-env', 'PTVSD_DAP_SECRET', '--tls-pin', 'AB', 'tcps://h:1'] });
    assert.deepEqual(asking('p', ['doctor'], 'h', { secret: '' }).words, ['doctor', 'h']);
});

test('what is asked goes the way of the attach, without what may be secret', () => {
    const words = (way: Attributes): string => asking('p', ['doctor'], 'h', way).words.slice(1, -1).join(' ');
    assert.equal(words({ connectTimeout: 9, addressFamily: 'ipv4', tlsAllowUntrusted: true, tlsAllowNameMismatch: false,
        tlsPin: ['AB', 'CD'], tlsCaFile: '/ca', proxy: 'http://proxy:3128' }),
    '--tls-pin AB --tls-pin CD --tls-ca-file /ca --tls-allow-untrusted --connect-timeout 9 --address-family ipv4 ' +
        '--proxy http://proxy:3128');
    assert.equal(words({ secretFile: '/s', secretEnv: null, tlsServerName: '', keepAlive: {} }), '--secret-file /s');
    assert.equal(words({ proxy: 'http://me:hidden@proxy', headers: { a: 'hidden' }, secret: 'hidden', uri: 'hidden@h' }),
        '--secret-env PTVSD_DAP_SECRET --proxy http://proxy');
    assert.equal(words({ proxy: 'me:hid@d/en@proxy:1' }), '--proxy proxy:1');
});
