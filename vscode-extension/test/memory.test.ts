import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Memory } from '../src/memory';

const PLACES = Array.from({ length: 14 }, (_, i) => `tcps://host:${i + 1}`);

class Context {
    readonly stored = new Map<string, unknown>();
    readonly kept = new Map<string, string>();
    readonly globalState = {
        get: (key: string, otherwise: unknown): unknown => this.stored.get(key) ?? otherwise,
        update: async (key: string, value: unknown): Promise<void> => void this.stored.set(key, value),
    };
    readonly secrets = {
        get: async (key: string): Promise<string | undefined> => this.kept.get(key),
        store: async (key: string, value: string): Promise<void> => void this.kept.set(key, value),
        delete: async (key: string): Promise<void> => void this.kept.delete(key),
    };

    memory(): Memory {
        return new Memory(this as never);
    }
}

test('places that are no longer shown keep their secrets and certificates, until all is forgotten', async () => {
    const context = new Context();
    const memory = context.memory();
    for (const place of PLACES) {
        await memory.keep(place, `secret of ${place}`);
        await memory.keepPin(place, 'AB');
    }
    assert.deepEqual(memory.places(), [...PLACES].reverse().slice(0, 12));
    for (const place of PLACES)
        assert.deepEqual([await memory.secretOf(place), memory.pinOf(place)], [`secret of ${place}`, 'AB']);
    await memory.forgetAll();
    assert.deepEqual([context.kept.size, memory.places(), memory.pinOf(PLACES[0] ?? '')], [0, [], undefined]);
});

test('what an older version has kept is forgotten, too', async () => {
    const context = new Context();
    const memory = context.memory();
    context.stored.set('places', PLACES.slice(0, 12));
    for (const place of PLACES.slice(0, 12))
        context.kept.set(place, 's');
    for (const place of PLACES.slice(12))
        await memory.keep(place, undefined);
    assert.equal(context.kept.size, 12);
    await memory.forgetAll();
    assert.equal(context.kept.size, 0);
});
