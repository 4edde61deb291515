/** Entry point: registers the debug type and its commands. */

import * as path from 'path';
import * as vscode from 'vscode';

import { findAdapter } from './adapter';
import { askForAddress } from './attach';
import { normalise, placeOf } from './configuration';
import { Offered, Provider, Suggestions } from './provider';
import { Memory } from './secrets';

const TYPE = 'ptvsd';

/** Runs the adapter on the machine that has the workspace. */
class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
    constructor(private readonly context: vscode.ExtensionContext) {}

    /** What this throws, VS Code shows. */
    async createDebugAdapterDescriptor(): Promise<vscode.DebugAdapterDescriptor> {
        const settings = vscode.workspace.getConfiguration(TYPE);
        const program = findAdapter(settings.get('adapterPath', ''), this.context.extensionPath);
        return new vscode.DebugAdapterExecutable(program, await this.logging(settings.get('logLevel', 'off')));
    }

    private async logging(level: string): Promise<string[]> {
        if (level === 'off')
            return [];
        await vscode.workspace.fs.createDirectory(this.context.logUri);
        return ['--log-level', level, '--log-file', logFile(this.context)];
    }
}

function logFile(context: vscode.ExtensionContext): string {
    return path.join(context.logUri.fsPath, 'ptvsd-dap.log');
}

async function showLog(context: vscode.ExtensionContext): Promise<void> {
    try {
        await vscode.window.showTextDocument(vscode.Uri.file(logFile(context)));
    } catch {
        const choice = await vscode.window.showInformationMessage(
            'There is no log yet. It is written when the setting ptvsd.logLevel is not "off".', 'Open the setting');
        if (choice)
            await vscode.commands.executeCommand('workbench.action.openSettings', 'ptvsd.logLevel');
    }
}

interface Message {
    type?: string;
    command?: string;
    success?: boolean;
    message?: string;
}

/** What became of an attach decides about the secret: kept when it worked, asked again when not. */
class AttachWatcher implements vscode.DebugAdapterTracker {
    constructor(private readonly memory: Memory, private readonly offered: Offered, private readonly place: string) {}

    onDidSendMessage(message: Message): void {
        if (this.place === '' || message.type !== 'response' || message.command !== 'attach')
            return;
        const secret = this.offered.get(this.place);
        this.offered.delete(this.place);
        if (message.success)
            void this.memory.keep(this.place, secret);
        else if (/\bsecret\b/.test(message.message ?? ''))
            void this.memory.forget(this.place);
    }
}

export function activate(context: vscode.ExtensionContext): void {
    const memory = new Memory(context);
    const offered: Offered = new Map();
    const attach = async (): Promise<void> => {
        const made = await askForAddress(memory, offered);
        if (made)
            await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], normalise(made));
    };
    context.subscriptions.push(
        vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, new AdapterFactory(context)),
        vscode.debug.registerDebugConfigurationProvider(TYPE, new Provider(memory, offered)),
        vscode.debug.registerDebugConfigurationProvider(TYPE, new Suggestions(memory),
            vscode.DebugConfigurationProviderTriggerKind.Dynamic),
        vscode.debug.registerDebugAdapterTrackerFactory(TYPE, {
            createDebugAdapterTracker: (session) => new AttachWatcher(memory, offered, placeOf(session.configuration)),
        }),
        vscode.commands.registerCommand('ptvsd.attach', attach),
        vscode.commands.registerCommand('ptvsd.forgetSecrets', () => memory.forgetAll()),
        vscode.commands.registerCommand('ptvsd.showLog', () => showLog(context)));
}
