import assert from 'node:assert/strict';
import { test } from 'node:test';

import { framed, Frames } from '../src/frames';

const MESSAGES = [{ seq: 1, text: 'ä€😀' }, { seq: 2 }, { seq: 3, text: 'x'.repeat(3000) }];
const BYTES = Buffer.concat(MESSAGES.map(framed));

test('messages come whole, however the bytes come', () => {
    for (const size of [1, 2, 7, 100, BYTES.length]) {
        const frames = new Frames();
        const found: unknown[] = [];
        for (let at = 0; at < BYTES.length; at += size)
            found.push(...frames.feed(BYTES.subarray(at, at + size)));
        assert.deepEqual(found, MESSAGES, `in pieces of ${size}`);
    }
});

test('other headers are passed over', () => {
    assert.deepEqual(new Frames().feed(Buffer.from('Content-Type: x\r\ncontent-length: 2\r\n\r\n{}')), [{}]);
});

test('what is no frame is said', () => {
    assert.throws(() => new Frames().feed(Buffer.from('Usage: cat [OPTION]\r\n\r\n')), /Debug Adapter Protocol/);
});
