/** Local copies that are not what runs: said once a session, and shown side by side. */

import * as path from 'path';
import * as vscode from 'vscode';

import type { Message } from './bridge';
import { Difference, differenceIn } from './difference';
import { TYPE } from './services';

export class Differences implements vscode.Disposable {
    private readonly found = new Map<string, Difference[]>(); // by session
    private readonly ended = vscode.debug.onDidTerminateDebugSession((session) => this.found.delete(session.id));

    hear(session: vscode.DebugSession, message: Message): void {
        const difference = differenceIn(message);
        if (!difference)
            return;
        const before = this.found.get(session.id);
        this.found.set(session.id, [...before ?? [], difference]);
        if (!before)
            void this.tell(session, difference);
    }

    /** Of the session that is looked at. */
    async choose(): Promise<void> {
        const session = vscode.debug.activeDebugSession;
        const those = session?.type === TYPE ? this.found.get(session.id) ?? [] : [];
        const items = those.map((one) => ({ label: path.basename(one.local), description: one.local, one }));
        const chosen = items.length > 1
            ? await vscode.window.showQuickPick(items, { title: 'Files that differ from what runs' }) : items[0];
        if (session && chosen)
            await show(session, chosen.one);
        else if (session && !items.length)
            void vscode.window.showInformationMessage('No file has been found so far that differs from what runs. Each is ' +
                'compared when the program stops in it.');
    }

    dispose(): void {
        this.ended.dispose();
    }

    private async tell(session: vscode.DebugSession, difference: Difference): Promise<void> {
        const chosen = await vscode.window.showWarningMessage(`${path.basename(difference.local)} is not the text that ` +
            'runs: breakpoints and lines may be off.', 'Compare');
        if (chosen && this.found.has(session.id))
            await show(session, difference);
        else if (chosen)
            void vscode.window.showInformationMessage('The session is over. Attach again to compare.');
    }
}

async function show(session: vscode.DebugSession, { local, source }: Difference): Promise<void> {
    const remote = vscode.debug.asDebugSourceUri(source as unknown as vscode.DebugProtocolSource, session);
    await vscode.commands.executeCommand('vscode.diff', remote, vscode.Uri.file(local),
        `${path.basename(local)} (runs ↔ here)`);
}

