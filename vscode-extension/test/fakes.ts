/** A memory and a person for the tests. */

import type { Person, Store } from '../src/credentials';

export class FakeStore implements Store {
    readonly attached: string[] = [];

    constructor(readonly secrets: Record<string, string> = {}, readonly pins: Record<string, string> = {}) {}

    async secretOf(place: string): Promise<string | undefined> {
        return this.secrets[place];
    }

    pinOf(place: string): string | undefined {
        return this.pins[place];
    }

    async keep(place: string, secret: string | undefined): Promise<void> {
        this.attached.push(place);
        if (secret !== undefined)
            this.secrets[place] = secret;
    }

    async keepPin(place: string, pin: string): Promise<void> {
        this.pins[place] = pin;
    }

    async forgetSecret(place: string): Promise<void> {
        delete this.secrets[place];
    }
}

/** Answers in this order, and keeps what was asked. */
export class Script implements Person {
    readonly asked: unknown[][] = [];
    private readonly answers: unknown[];

    constructor(...answers: unknown[]) {
        this.answers = answers;
    }

    async secret(...given: unknown[]): Promise<string | undefined> {
        return this.next('secret', given) as string | undefined;
    }

    async certificate(...given: unknown[]): Promise<boolean> {
        return this.next('certificate', given) as boolean;
    }

    private next(kind: string, given: unknown[]): unknown {
        this.asked.push([kind, ...given]);
        if (!this.answers.length)
            throw new Error(`nobody should be asked: ${kind}`);
        return this.answers.shift();
    }
}
