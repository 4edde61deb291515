/** New configurations: imported, or made from those of other extensions; and where they are written. */

import * as path from 'path';
import * as vscode from 'vscode';

import { Imported, importAzure } from './azure';
import { run } from './command';
import { apart, canMigrate, Configuration, migrate, named, normalise } from './configuration';
import type { Services } from './services';

function written(folder: vscode.WorkspaceFolder): Configuration[] {
    return vscode.workspace.getConfiguration('launch', folder).inspect<Configuration[]>('configurations')
        ?.workspaceFolderValue ?? [];
}

/** Into launch.json; without a folder into a text to be saved anywhere. Gives it as it was named. */
async function add(folder: vscode.WorkspaceFolder | undefined, given: Configuration): Promise<Configuration> {
    if (folder) {
        const before = written(folder), made = named(given, before);
        await vscode.workspace.getConfiguration('launch', folder)
            .update('configurations', [...before, made], vscode.ConfigurationTarget.WorkspaceFolder);
        return made;
    }
    const content = JSON.stringify({ version: '0.2.0', configurations: [given] }, undefined, 2);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'jsonc', content }));
    return given;
}

/** The secret goes where secrets are kept, not into the file. */
async function keepAndAdd(services: Services, folder: vscode.WorkspaceFolder | undefined,
    { configuration, place, secret }: ReturnType<typeof apart>): Promise<Configuration> {
    if (secret !== undefined)
        await services.memory.keep(place, secret);
    return add(folder, configuration);
}

/* ---- Azure ------------------------------------------------------------------------------------ */

async function chooseFile(): Promise<string | undefined> {
    const near = await vscode.workspace.findFiles('**/{*.debug.config,ServiceDefinition.csdef}', '**/node_modules/**', 20);
    const other = { label: 'Another file…', description: '', file: '' };
    const items = near.map((one) => ({ label: path.basename(one.fsPath), description: one.fsPath, file: one.fsPath }));
    const chosen = items.length
        ? await vscode.window.showQuickPick([...items, other], { title: 'Configuration of Visual Studio for Azure' }) : other;
    if (chosen?.file !== '')
        return chosen?.file;
    const [picked] = await vscode.window.showOpenDialog({ title: 'web.debug.config or ServiceDefinition.csdef',
        filters: { 'Azure': ['config', 'csdef'] } }) ?? [];
    return picked?.fsPath;
}

const asked = {
    site: () => vscode.window.showInputBox({ title: 'Which site?', ignoreFocusOut: true,
        prompt: 'The NAME of NAME.azurewebsites.net, or a whole host name' }),
    role: (names: string[]) => vscode.window.showQuickPick(names, { title: 'Which role of the cloud service?' }),
};

async function tell({ hints }: Imported, folder: vscode.WorkspaceFolder | undefined, made: Configuration): Promise<void> {
    const where = `${made.name} ${folder ? 'is in launch.json now.' : 'can be saved as .vscode/launch.json.'}`;
    const chosen = hints
        ? await vscode.window.showInformationMessage(where, { modal: true, detail: hints }, 'Copy')
        : await vscode.window.showInformationMessage(`${where} The secret is in the secret storage. Publishing the site ` +
            'changes it: import it again then.', 'Attach');
    if (chosen === 'Copy')
        await vscode.env.clipboard.writeText(hints);
    else if (chosen)
        await vscode.debug.startDebugging(folder, made);
}

export async function importFromAzure(services: Services): Promise<void> {
    const program = services.adapter();
    const file = await chooseFile();
    const imported = file === undefined ? undefined
        : await importAzure(file, (words) => run({ program, words: ['config', ...words], secret: undefined }), asked);
    if (!imported)
        return;
    const folder = vscode.workspace.workspaceFolders?.[0];
    void tell(imported, folder, await keepAndAdd(services, folder, imported));
}

/* ---- other extensions' -------------------------------------------------------------------------- */

export async function migrateConfigurations(services: Services): Promise<void> {
    const items = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => written(folder).filter(canMigrate)
        .map((one) => ({ label: one.name, description: `${one.type}, ${folder.name}`, picked: true, folder, one })));
    if (!items.length) {
        void vscode.window.showInformationMessage('No launch.json here has a configuration of the Python extension or ' +
            'debugpy that attaches to a host and port.');
        return;
    }
    const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, title: 'Attach by ptvsd, too' }) ?? [];
    for (const { folder, one } of chosen)
        await keepAndAdd(services, folder, apart(normalise({ ...migrate(one), name: `${one.name} (ptvsd)` })));
}
