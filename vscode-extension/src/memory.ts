/** What is remembered: secrets in VS Code's secret storage, the places lately attached to, and the certificates that a
 *  person has trusted, by place. The storage does not say what it holds, so the places of secrets stand in a list. */

import type * as vscode from 'vscode';

import type { Store } from './credentials';

const PLACES = 'places';
const PLACES_SHOWN = 12; // a configuration may name any other
const WITH_SECRET = 'known'; // older versions had them among the places shown
const PINS = 'pins';

type Pins = Record<string, string>;

export class Memory implements Store {
    constructor(private readonly context: vscode.ExtensionContext) {}

    places(): string[] {
        return this.context.globalState.get<string[]>(PLACES, []);
    }

    secretOf(place: string): Thenable<string | undefined> {
        return this.context.secrets.get(place);
    }

    pinOf(place: string): string | undefined {
        return this.pins()[place];
    }

    async keep(place: string, secret: string | undefined): Promise<void> {
        const others = this.places().filter((one) => one !== place);
        for (const gone of others.slice(PLACES_SHOWN - 1))
            if (await this.secretOf(gone) !== undefined)
                await this.list(gone);
        await this.context.globalState.update(PLACES, [place, ...others].slice(0, PLACES_SHOWN));
        if (secret === undefined)
            return;
        await this.list(place);
        await this.context.secrets.store(place, secret);
    }

    async keepPin(place: string, pin: string): Promise<void> {
        await this.context.globalState.update(PINS, { ...this.pins(), [place]: pin });
    }

    async forgetSecret(place: string): Promise<void> {
        await this.context.secrets.delete(place);
    }

    async forgetAll(): Promise<void> {
        for (const place of new Set([...this.withSecret(), ...this.places()]))
            await this.context.secrets.delete(place);
        await this.context.globalState.update(WITH_SECRET, []);
        await this.context.globalState.update(PLACES, []);
        await this.context.globalState.update(PINS, {});
    }

    private pins(): Pins {
        return this.context.globalState.get<Pins>(PINS, {});
    }

    private withSecret(): string[] {
        return this.context.globalState.get<string[]>(WITH_SECRET, []);
    }

    private async list(place: string): Promise<void> {
        await this.context.globalState.update(WITH_SECRET, [...new Set([...this.withSecret(), place])]);
    }
}
