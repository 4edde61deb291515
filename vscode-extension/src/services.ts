/** What the commands share. */

import * as vscode from 'vscode';

import { findAdapter } from './adapter';
import { asking, Run } from './command';
import { Credentials } from './credentials';
import { Memory } from './memory';
import { person } from './questions';

export const TYPE = 'ptvsd';

export class Services {
    readonly memory: Memory;
    readonly credentials: Credentials;

    constructor(readonly context: vscode.ExtensionContext) {
        this.memory = new Memory(context);
        this.credentials = new Credentials(this.memory, person);
    }

    /** The program to run; throws a sentence where there is none. */
    adapter(): string {
        return findAdapter(vscode.workspace.getConfiguration(TYPE).get('adapterPath', ''), this.context.extensionPath);
    }

    async asking(subcommand: string[], place: string): Promise<Run> {
        return asking(this.adapter(), subcommand, place, { ...await this.credentials.knownOf(place) });
    }

    /** By the way on which an attach to it has failed, if one has. */
    async diagnosing(subcommand: string[], place: string): Promise<Run> {
        return asking(this.adapter(), subcommand, place, await this.credentials.wayTo(place));
    }
}

/** Shows what goes wrong in a command. */
export function told<Given extends unknown[]>(command: (...given: Given) => Promise<void>):
(...given: Given) => Promise<void> {
    return async (...given) => {
        try {
            await command(...given);
        } catch (error) {
            void vscode.window.showErrorMessage((error as Error).message);
        }
    };
}
