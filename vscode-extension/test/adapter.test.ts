import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';

import { findAdapter } from '../src/adapter';

const root = mkdtempSync(path.join(tmpdir(), 'ptvsd-remote-'));
after(() => rmSync(root, { recursive: true }));

function program(...parts: string[]): string {
    const file = path.join(root, ...parts);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    return file;
}

test('the configured one, then the bundled one, then that on the PATH', () => {
    const configured = program('own', 'adapter');
    const onPath = program('path', 'ptvsd-dap');
    process.env['PATH'] = path.dirname(onPath);
    assert.equal(findAdapter('', path.join(root, 'extension')), onPath);
    const bundled = program('extension', 'bin', 'ptvsd-dap');
    assert.equal(findAdapter('', path.join(root, 'extension')), bundled);
    assert.equal(findAdapter(configured, path.join(root, 'extension')), configured);
});

test('the bundled one is made executable', () => {
    const file = program('unpacked', 'bin', 'ptvsd-dap');
    chmodSync(file, 0o644);
    assert.equal(findAdapter('', path.join(root, 'unpacked')), file);
    assert.equal(statSync(file).mode & 0o111, 0o111);
});

test('none at all is said, with what to do', () => {
    process.env['PATH'] = path.join(root, 'empty');
    assert.throws(() => findAdapter('', path.join(root, 'nowhere')), /Install ptvsd-dap/);
    assert.throws(() => findAdapter(path.join(root, 'gone'), root), /ptvsd\.adapterPath/);
    assert.throws(() => findAdapter(root, root), /ptvsd\.adapterPath/); // a folder
});
