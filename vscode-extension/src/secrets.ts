/** Secrets in VS Code's secret storage, by place; and the places lately attached to. */

import * as vscode from 'vscode';

const PLACES = 'places';
const PLACES_KEPT = 12;

export class Memory {
    constructor(private readonly context: vscode.ExtensionContext) {}

    places(): string[] {
        return this.context.globalState.get<string[]>(PLACES, []);
    }

    secretOf(place: string): Thenable<string | undefined> {
        return this.context.secrets.get(place);
    }

    /** After an attach that worked; undefined leaves no secret behind (the configuration has it). */
    async keep(place: string, secret: string | undefined): Promise<void> {
        const others = this.places().filter((one) => one !== place);
        const kept = [place, ...others].slice(0, PLACES_KEPT);
        await this.context.globalState.update(PLACES, kept);
        for (const gone of others.filter((one) => !kept.includes(one)))
            await this.context.secrets.delete(gone); // nothing would ever name it again
        if (secret !== undefined)
            await this.context.secrets.store(place, secret);
    }

    async forget(place: string): Promise<void> {
        await this.context.secrets.delete(place);
    }

    async forgetAll(): Promise<void> {
        for (const place of this.places())
            await this.context.secrets.delete(place);
        await this.context.globalState.update(PLACES, []);
    }
}
