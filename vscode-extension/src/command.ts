/** ptvsd-dap's subcommands: their words, and what they print. Knows no VS Code. */

import { spawn } from 'child_process';

import type { Known } from './credentials';

const SECRET = 'PTVSD_DAP_SECRET'; // not on the command line, which others can read

export interface Outcome {
    status: number | null;
    out: string;
    err: string;
}

export interface Run {
    program: string;
    words: string[];
    secret: string | undefined;
}

/** `list` or `doctor`, for a place. */
export function asking(program: string, subcommand: string[], place: string, known: Known): Run {
    const words = [...subcommand];
    if (known.secret)
        words.push('--secret-env', SECRET);
    if (known.tlsPin)
        words.push('--tls-pin', known.tlsPin);
    return { program, words: [...words, place], secret: known.secret };
}

/** Runs it to its end, or to `signal`. `heard` is told of all that it prints, as it comes. */
export function run(what: Run, signal?: AbortSignal, heard?: (text: string) => void): Promise<Outcome> {
    return new Promise((resolve, reject) => {
        const env = { ...process.env, ...(what.secret ? { [SECRET]: what.secret } : {}) };
        const child = spawn(what.program, what.words, { env, signal, stdio: ['ignore', 'pipe', 'pipe'],
            windowsHide: true });
        const outcome = { out: '', err: '' };
        for (const name of ['out', 'err'] as const)
            child[`std${name}`].setEncoding('utf8').on('data', (text: string) => {
                outcome[name] += text;
                heard?.(text);
            });
        child.on('error', reject);
        child.on('close', (status) => resolve({ ...outcome, status }));
    });
}
