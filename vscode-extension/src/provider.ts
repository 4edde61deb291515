/** Launch configurations on their way to the adapter. */

import * as vscode from 'vscode';

import { askForProgram } from './attach';
import { Attributes, canMigrate, fromAddress, migrate, normalise, refusal } from './configuration';
import type { Services } from './services';

async function refuse(sentence: string): Promise<undefined> {
    await vscode.window.showErrorMessage(sentence, { modal: true });
    return undefined;
}

export class Provider implements vscode.DebugConfigurationProvider {
    constructor(private readonly services: Services) {}

    /** F5 without a configuration asks for a program. */
    async resolveDebugConfiguration(_folder: vscode.WorkspaceFolder | undefined, given: vscode.DebugConfiguration):
    Promise<vscode.DebugConfiguration | undefined> {
        const bare = !given.type && !given.request && !given.name;
        const made: Attributes | undefined = bare ? await askForProgram(this.services) : given;
        if (!made)
            return undefined;
        const normal = normalise(made);
        const why = refusal(normal);
        return why ? refuse(why) : normal;
    }

    /** Variables may have brought a port as a text. */
    resolveDebugConfigurationWithSubstitutedVariables(_folder: vscode.WorkspaceFolder | undefined,
        given: vscode.DebugConfiguration): vscode.DebugConfiguration {
        return normalise(given);
    }
}

/** In the list behind Run and Debug: attach blocks of other Python extensions, and places of late. */
export class Suggestions implements vscode.DebugConfigurationProvider {
    constructor(private readonly services: Services) {}

    provideDebugConfigurations(folder: vscode.WorkspaceFolder | undefined): vscode.DebugConfiguration[] {
        const written = vscode.workspace.getConfiguration('launch', folder)
            .get<vscode.DebugConfiguration[]>('configurations', []);
        const made = [...written.filter(canMigrate).map((one) => ({ ...migrate(one), name: `${one.name} (ptvsd)` })),
            ...this.services.memory.places().map(fromAddress)];
        return made.map(normalise);
    }
}
