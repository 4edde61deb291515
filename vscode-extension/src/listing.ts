/** What `ptvsd-dap list --json` tells of a place. Knows no VS Code. */

import type { Failure } from './bridge';

export interface Program extends Failure {
    address: string;
    pid?: number;
    executable?: string;
    user?: string;
    python?: string;
    ptvsd?: string;
    protocol?: number | string;
    error?: string;
}

export interface Row {
    label: string;
    description: string;
    detail: string;
}

/** Throws a sentence where it is nothing of the kind. */
export function readListing(out: string, err: string): Program[] {
    try {
        const read: unknown = JSON.parse(out);
        if (Array.isArray(read))
            return read as Program[];
    } catch {
        // said below
    }
    throw new Error(err.trim().replace(/^ptvsd-dap: /, '') || 'ptvsd-dap did not say who is there.');
}

function line(text: string): string {
    return text.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim();
}

/** As a list shows it; `$(…)` of what a server says would be an icon. */
function plain(text: string): string {
    return line(text).replace(/\$\(/g, '$ (');
}

export function rowOf(program: Program): Row {
    if (program.error !== undefined)
        return { label: `$(warning) ${program.address}`, description: remedy(program), detail: plain(program.error) };
    const ptvsd = `ptvsd ${program.ptvsd || '?'}`;
    if (program.protocol === 'DAP')
        return { label: `$(debug-alt) ${program.address}`, description: ptvsd,
            detail: 'It speaks the Debug Adapter Protocol, and tells no more before it is attached to.' };
    return { label: `$(debug-alt) ${program.pid ?? '?'}  ${plain(program.executable || '?')}`,
        description: plain(`${program.user || '?'} · ${program.python || '?'}`),
        detail: `${program.address} · ${ptvsd}` };
}

/** What choosing one that has failed does. */
function remedy(program: Program): string {
    if (program.failure === 'wrong-secret')
        return 'Give its secret…';
    if (program.failure === 'certificate' && program.fingerprint !== undefined)
        return 'Look at its certificate…';
    return 'Diagnose Connection…';
}
