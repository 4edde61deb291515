/** What is remembered: secrets in VS Code's secret storage, the places lately attached to, and the certificates that a
 *  person has trusted, by place. */

import * as vscode from 'vscode';

import type { Store } from './credentials';

const PLACES = 'places';
const PLACES_KEPT = 12;
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
        const kept = [place, ...others].slice(0, PLACES_KEPT);
        await this.context.globalState.update(PLACES, kept);
        for (const gone of others.filter((one) => !kept.includes(one)))
            await this.forget(gone); // nothing would ever name it again
        if (secret !== undefined)
            await this.context.secrets.store(place, secret);
    }

    async keepPin(place: string, pin: string): Promise<void> {
        await this.context.globalState.update(PINS, { ...this.pins(), [place]: pin });
    }

    async forgetSecret(place: string): Promise<void> {
        await this.context.secrets.delete(place);
    }

    async forgetAll(): Promise<void> {
        for (const place of this.places())
            await this.context.secrets.delete(place);
        await this.context.globalState.update(PLACES, []);
        await this.context.globalState.update(PINS, {});
    }

    private pins(): Pins {
        return this.context.globalState.get<Pins>(PINS, {});
    }

    private async forget(place: string): Promise<void> {
        const { [place]: _gone, ...pins } = this.pins();
        await this.context.globalState.update(PINS, pins);
        await this.forgetSecret(place);
    }
}
