/** Launch configurations on their way to the adapter. */

import * as vscode from 'vscode';

import { Attributes, canMigrate, fromAddress, migrate, normalise, placeOf, refusal, settlesSecret } from './configuration';
import { askForAddress } from './attach';
import { Memory } from './secrets';

/** Secrets that came from the person or the storage: kept when the attach has worked. */
export type Offered = Map<string, string>;

async function refuse(sentence: string): Promise<undefined> {
    await vscode.window.showErrorMessage(sentence, { modal: true });
    return undefined;
}

export class Provider implements vscode.DebugConfigurationProvider {
    constructor(private readonly memory: Memory, private readonly offered: Offered) {}

    /** F5 without a configuration asks for an address. */
    async resolveDebugConfiguration(_folder: vscode.WorkspaceFolder | undefined, given: vscode.DebugConfiguration):
    Promise<vscode.DebugConfiguration | undefined> {
        const bare = !given.type && !given.request && !given.name;
        const made: Attributes | undefined = bare ? await askForAddress(this.memory, this.offered) : given;
        if (!made)
            return undefined;
        const normal = normalise(made);
        const why = refusal(normal);
        return why ? refuse(why) : normal;
    }

    /** Only now, when no ${…} in a secret is expanded any more. */
    async resolveDebugConfigurationWithSubstitutedVariables(_folder: vscode.WorkspaceFolder | undefined,
        given: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration | undefined> {
        const made = normalise(given);
        if (settlesSecret(made))
            return made;
        const place = placeOf(made);
        const secret = this.offered.get(place) ?? await this.memory.secretOf(place) ?? await askForSecret(place);
        if (secret === undefined)
            return undefined;
        this.offered.set(place, secret);
        return { ...made, secret };
    }
}

function askForSecret(place: string): Thenable<string | undefined> {
    return vscode.window.showInputBox({
        title: `Secret of ${place}`,
        prompt: 'What the program gives to ptvsd.enable_attach(); empty if it has none',
        password: true,
        ignoreFocusOut: true,
    });
}

/** In the list behind Run and Debug: attach blocks of other Python extensions, and places of late. */
export class Suggestions implements vscode.DebugConfigurationProvider {
    constructor(private readonly memory: Memory) {}

    provideDebugConfigurations(folder: vscode.WorkspaceFolder | undefined): vscode.DebugConfiguration[] {
        const written = vscode.workspace.getConfiguration('launch', folder)
            .get<vscode.DebugConfiguration[]>('configurations', []);
        const made = [...written.filter(canMigrate).map((one) => ({ ...migrate(one), name: `${one.name} (ptvsd)` })),
            ...this.memory.places().map(fromAddress)];
        return made.map(normalise);
    }
}
