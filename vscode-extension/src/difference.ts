/** The adapter's remark that a local copy is not the text that runs. Knows no VS Code. */

import type { Message } from './bridge';
import type { Attributes } from './configuration';

export interface Difference {
    local: string;
    /** DAP's Source of the text on the program's side. */
    source: Attributes;
}

function isObject(value: unknown): value is Attributes {
    return typeof value === 'object' && value !== null;
}

export function differenceIn(message: Message): Difference | undefined {
    const body = message.event === 'output' ? message.body : undefined;
    const data = body?.['data'], source = body?.['source'];
    if (!isObject(data) || !isObject(source) || typeof data['local'] !== 'string')
        return undefined;
    return { local: data['local'], source };
}
