/** Entry point: registers the debug type and its commands. */

import * as vscode from 'vscode';

import { askForProgram } from './attach';
import { Differences } from './compare';
import { normalise } from './configuration';
import { diagnose } from './diagnose';
import { importFromAzure, migrateConfigurations } from './launchjson';
import { Provider, Suggestions } from './provider';
import { Services, told, TYPE } from './services';
import { AdapterFactory, showLog } from './session';

async function attach(services: Services): Promise<void> {
    const made = await askForProgram(services);
    if (made)
        await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], normalise(made));
}

function registerCommands(services: Services, differences: Differences): vscode.Disposable[] {
    const commands: Record<string, (given?: unknown) => Promise<void>> = {
        'ptvsd.attach': () => attach(services),
        'ptvsd.diagnose': (given) => diagnose(services, given),
        'ptvsd.compare': () => differences.choose(),
        'ptvsd.importAzure': () => importFromAzure(services),
        'ptvsd.migrate': () => migrateConfigurations(services),
        'ptvsd.forgetSecrets': () => services.memory.forgetAll(),
        'ptvsd.showLog': () => showLog(services.context),
    };
    return Object.entries(commands).map(([name, command]) => vscode.commands.registerCommand(name, told(command)));
}

export function activate(context: vscode.ExtensionContext): void {
    const services = new Services(context);
    const differences = new Differences();
    context.subscriptions.push(
        differences,
        vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, new AdapterFactory(services, differences)),
        vscode.debug.registerDebugConfigurationProvider(TYPE, new Provider(services)),
        vscode.debug.registerDebugConfigurationProvider(TYPE, new Suggestions(services),
            vscode.DebugConfigurationProviderTriggerKind.Dynamic),
        ...registerCommands(services, differences));
}
