/** From Visual Studio's files for Azure to a launch configuration, by `ptvsd-dap config`. Knows no VS Code. */

import type { Outcome } from './command';
import { apart, Attributes, Configuration, normalise } from './configuration';

export interface Imported {
    configuration: Configuration;
    place: string;
    secret: string | undefined;
    /** How the program is to be started; empty where it runs already. */
    hints: string;
}

/** Each gives undefined when the person leaves. */
export interface Asked {
    site(): PromiseLike<string | undefined>;
    role(names: string[]): PromiseLike<string | undefined>;
}

function sentence(err: string): string {
    return err.trim().replace(/^ptvsd-dap: /, '');
}

/** What the file does not say: one more option, or undefined when the person leaves. */
async function oneMore(err: string, asked: Asked): Promise<string[] | undefined> {
    const roles = /Give --role NAME\. Its roles: (.*)/.exec(err)?.[1];
    if (!/Give --site NAME/.test(err) && !roles)
        throw new Error(sentence(err) || 'ptvsd-dap gave no configuration for this file.');
    const answer = await (roles ? asked.role(roles.trim().split(' ')) : asked.site());
    return answer === undefined ? undefined : [roles ? '--role' : '--site', answer];
}

function read({ out, err }: Outcome): Imported {
    const made = (JSON.parse(out) as { configurations: Attributes[] }).configurations[0] ?? {};
    const parts = apart(normalise(made));
    return { ...parts, hints: parts.secret === undefined ? err.trim() : '' };
}

/** undefined: the person has left it. Throws a sentence. */
export async function importAzure(file: string, config: (words: string[]) => Promise<Outcome>, asked: Asked):
Promise<Imported | undefined> {
    const options: string[] = [];
    for (;;) {
        const outcome = await config([...options, file]);
        if (outcome.status === 0)
            return read(outcome);
        const more = options.length < 4 ? await oneMore(outcome.err, asked) : undefined;
        if (!more)
            return undefined;
        options.push(...more);
    }
}
