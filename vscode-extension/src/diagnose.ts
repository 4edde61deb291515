/** Diagnose Connection…: `ptvsd-dap doctor`, in a terminal. */

import * as vscode from 'vscode';

import { askForPlaces } from './attach';
import { Run, run } from './command';
import type { Services } from './services';

interface Way extends vscode.QuickPickItem {
    words: string[];
}

function ways(): Way[] {
    const made: Way[] = [{ label: 'Look only', detail: 'Walks the way to the program, and attaches to nothing', words: [] },
        { label: 'Also attach for a moment', detail: 'Says whether it is free. The program may stand still for a moment',
            words: ['--attach'] }];
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId === 'python' && editor.document.uri.scheme === 'file') {
        const where = `${editor.document.uri.fsPath}:${editor.selection.active.line + 1}`;
        made.push({ label: 'Also try a breakpoint at the cursor', detail: `Would one be hit at ${where}?`,
            words: ['--attach', '--file', where] });
    }
    return made;
}

/** A terminal that shows what a program prints, and stays. */
class Printed implements vscode.Pseudoterminal {
    private readonly written = new vscode.EventEmitter<string>();
    private readonly abort = new AbortController();
    readonly onDidWrite = this.written.event;

    constructor(private readonly what: Run) {}

    open(): void {
        const print = (text: string): void => this.written.fire(text.replace(/\r?\n/g, '\r\n'));
        run(this.what, this.abort.signal, print).then(
            ({ status }) => print(status === 0 ? '\nAll steps could be gone.\n' : '\nIt went no further.\n'),
            (error: Error) => print(`\n${error.message}\n`));
    }

    close(): void {
        this.abort.abort();
    }

    /** Ctrl-C */
    handleInput(typed: string): void {
        if (typed === '\x03')
            this.abort.abort();
    }
}

export async function diagnose(services: Services, given: unknown): Promise<void> {
    services.adapter();
    const place = typeof given === 'string' ? given : (await askForPlaces(services, 'Diagnose a Connection (ptvsd)'))[0];
    if (place === undefined)
        return;
    const way = await vscode.window.showQuickPick(ways(), { title: `Diagnose ${place}`, ignoreFocusOut: true });
    if (!way)
        return;
    const pty = new Printed(await services.diagnosing(['doctor', ...way.words], place));
    vscode.window.createTerminal({ name: `Diagnose ${place}`, pty }).show();
}
