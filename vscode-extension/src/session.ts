/** The adapter of a session, as VS Code wants it. */

import * as path from 'path';
import * as vscode from 'vscode';

import { Bridge, Message } from './bridge';
import type { Differences } from './compare';
import { Services, TYPE } from './services';

class Adapter implements vscode.DebugAdapter {
    private readonly sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
    private readonly bridge: Bridge;
    readonly onDidSendMessage = this.sent.event;

    constructor(program: string, words: string[], services: Services, heard: (message: Message) => void) {
        this.bridge = new Bridge(program, words, services.credentials, (message) => {
            heard(message);
            this.sent.fire(message as vscode.DebugProtocolMessage);
        });
    }

    handleMessage(message: vscode.DebugProtocolMessage): void {
        this.bridge.take(message as Message);
    }

    dispose(): void {
        this.bridge.end();
    }
}

/** Runs the adapter on the machine that has the workspace. */
export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
    constructor(private readonly services: Services, private readonly differences: Differences) {}

    /** What this throws, VS Code shows. */
    async createDebugAdapterDescriptor(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
        const level = vscode.workspace.getConfiguration(TYPE).get('logLevel', 'off');
        const words = await logging(this.services.context, level);
        return new vscode.DebugAdapterInlineImplementation(new Adapter(this.services.adapter(), words, this.services,
            (message) => this.differences.hear(session, message)));
    }
}

/* ---- the log ---------------------------------------------------------------------------------- */

function logFile(context: vscode.ExtensionContext): string {
    return path.join(context.logUri.fsPath, 'ptvsd-dap.log');
}

async function logging(context: vscode.ExtensionContext, level: string): Promise<string[]> {
    if (level === 'off')
        return [];
    await vscode.workspace.fs.createDirectory(context.logUri);
    return ['--log-level', level, '--log-file', logFile(context)];
}

export async function showLog(context: vscode.ExtensionContext): Promise<void> {
    try {
        await vscode.window.showTextDocument(vscode.Uri.file(logFile(context)));
    } catch {
        const choice = await vscode.window.showInformationMessage(
            'There is no log yet. It is written when the setting ptvsd.logLevel is not "off".', 'Open the setting');
        if (choice)
            await vscode.commands.executeCommand('workbench.action.openSettings', 'ptvsd.logLevel');
    }
}
