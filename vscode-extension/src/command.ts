/** ptvsd-dap's subcommands: their words, and what they print. Knows no VS Code. */

import { spawn } from 'child_process';

import type { Attributes } from './configuration';

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

/** Attributes of an attach that subcommands have as options (adapter/reach_options.c) and that are no secrets, as
 *  headers may be. */
const OPTIONS: Record<string, string> = {
    tlsPin: '--tls-pin', secretFile: '--secret-file', secretEnv: '--secret-env', tlsCaFile: '--tls-ca-file',
    tlsServerName: '--tls-server-name', tlsMinVersion: '--tls-min-version', tlsClientCert: '--tls-client-cert',
    tlsClientKey: '--tls-client-key', tlsAllowUntrusted: '--tls-allow-untrusted',
    tlsAllowNameMismatch: '--tls-allow-name-mismatch', connectTimeout: '--connect-timeout',
    addressFamily: '--address-family', keepAlive: '--keep-alive', proxy: '--proxy',
};

function optionWords(way: Attributes): string[] {
    return Object.entries(OPTIONS).flatMap(([name, option]) => [way[name]].flat().flatMap((value) => {
        if (value === true)
            return [option];
        if (value === '' || (typeof value !== 'string' && typeof value !== 'number'))
            return [];
        return [option, name === 'proxy' ? String(value).replace(/^(\w+:\/\/)?.*@/s, '$1') : String(value)]; // user:password@
    }));
}

/** `list` or `doctor`, for a place, by the way that these attributes of an attach describe. */
export function asking(program: string, subcommand: string[], place: string, way: Attributes): Run {
    const secret = typeof way['secret'] === 'string' ? way['secret'] : undefined;
    const words = [...subcommand, ...(secret ? ['--secret-env', SECRET] : []), ...optionWords(way)];
    return { program, words: [...words, place], secret };
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
