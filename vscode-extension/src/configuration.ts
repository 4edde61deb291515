/** What a launch configuration says, brought into the form that the adapter takes. Knows no VS Code. */

import { parseAddress } from './address';

export type Attributes = Record<string, unknown>;

/** One that VS Code takes. */
export interface Configuration extends Attributes {
    type: string;
    request: string;
    name: string;
}

export interface PathMapping {
    localRoot: string;
    remoteRoot: string;
}

/** Types under which the Python extensions of Visual Studio Code attached. */
export const OTHER_TYPES = ['python', 'pythonExperimental', 'debugpy'];

/** Attributes of theirs that mean nothing here. */
const NOT_OURS = ['console', 'cwd', 'env', 'envFile', 'logToFile', 'program', 'pythonPath', 'showReturnValue',
    'subProcess'];

function isText(value: unknown): value is string {
    return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Attributes {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An `attach` of theirs that connects to a port, so that it can be one of ours. */
export function canMigrate(given: Attributes): boolean {
    return OTHER_TYPES.includes(String(given['type'])) && given['request'] === 'attach' &&
        given['processId'] === undefined && given['listen'] === undefined &&
        ['host', 'port', 'connect'].some((name) => given[name] !== undefined);
}

/** The same program by way of ptvsd. */
export function migrate(given: Attributes): Attributes {
    const made: Attributes = { ...given, type: 'ptvsd' };
    for (const name of NOT_OURS)
        delete made[name];
    const options = Array.isArray(given['debugOptions']) ? given['debugOptions'] : [];
    if (options.some((one) => one === 'Django'))
        made['django'] = true; // the old extension's name for ptvsd's DjangoDebugging
    return made;
}

/** `localRoot` and `remoteRoot` become a mapping like the others; one of them alone says nothing. */
function mapped(given: Attributes): Attributes {
    const { localRoot, remoteRoot, ...rest } = given;
    if (localRoot === undefined && remoteRoot === undefined)
        return given;
    if (!isText(localRoot) || !isText(remoteRoot))
        return rest;
    const listed = Array.isArray(rest['pathMappings']) ? rest['pathMappings'] as PathMapping[] : [];
    return { ...rest, pathMappings: [...listed, { localRoot, remoteRoot }] };
}

/** `connect` gives way to `host` and `port` beside it; both at once are the adapter's to refuse. */
function connected(given: Attributes): Attributes {
    const { connect, ...rest } = given;
    if (!isObject(connect) || rest['host'] !== undefined || rest['port'] !== undefined)
        return given;
    const made = { ...rest };
    for (const name of ['host', 'port'])
        if (connect[name] !== undefined)
            made[name] = connect[name];
    return made;
}

/** A port that a variable brought is a text. */
function numbered(given: Attributes): Attributes {
    const port = given['port'];
    return typeof port === 'string' && /^\s*\d+\s*$/.test(port) ? { ...given, port: Number(port) } : given;
}

/** A configuration with all that it leaves open filled in, but for the secret. */
export function normalise(given: Attributes): Configuration {
    const made = numbered(connected(mapped(given)));
    return { ...made, type: 'ptvsd', request: String(made['request'] ?? 'attach'),
        name: isText(made['name']) ? made['name'] : 'Remote Python (ptvsd)' };
}

/** Why it cannot be used, in a sentence, or undefined. What else is wrong is said by the adapter. */
export function refusal(given: Attributes): string | undefined {
    if (given['request'] === 'launch')
        return undefined;
    if (given['request'] !== 'attach')
        return `"request" of a configuration of type "ptvsd" must be "attach" or "launch", not ` +
            `${JSON.stringify(given['request'])}.`;
    if (!['uri', 'qualifier', 'host', 'port', 'connect'].some((name) => given[name] !== undefined))
        return 'The configuration does not say where the program is: give "host" and "port", or "uri".';
    return undefined;
}

/** The place that a configuration leads to, without its secret: the name under which that is kept.
 *  Empty where it is not one address. */
export function placeOf(given: Attributes): string {
    const uri = given['uri'] ?? given['qualifier'];
    if (uri !== undefined)
        return isText(uri) ? parseAddress(uri)?.shown ?? '' : '';
    const connect = isObject(given['connect']) ? given['connect'] : given;
    const host = isText(connect['host']) ? connect['host'] : '127.0.0.1';
    return `tcp://${host.includes(':') ? `[${host}]` : host}:${connect['port'] ?? 5678}`;
}

/** The secret that a configuration gives itself, wherever in it. */
export function secretOf(given: Attributes): string | undefined {
    const uri = given['uri'] ?? given['qualifier'];
    const secret = given['secret'] ?? (isText(uri) ? parseAddress(uri)?.secret : undefined);
    return isText(secret) ? secret : undefined;
}

/** Whether the configuration itself settles the secret: gives one, or says that there is none, or leaves
 *  no single place to ask it for. */
export function settlesSecret(given: Attributes): boolean {
    const uri = given['uri'] ?? given['qualifier'];
    return ['secret', 'secretFile', 'secretEnv'].some((name) => given[name] !== undefined) || placeOf(given) === '' ||
        (isText(uri) && parseAddress(uri)?.secret !== undefined);
}

/** Whether the configuration itself says whom to trust. */
export function settlesCertificate(given: Attributes): boolean {
    return ['tlsPin', 'tlsCaFile', 'tlsAllowUntrusted', 'tlsAllowNameMismatch']
        .some((name) => given[name] !== undefined && given[name] !== false);
}

/** One to be written into a file, and its secret, which is to be kept elsewhere. */
export function apart(given: Configuration): { configuration: Configuration; place: string; secret: string | undefined } {
    const place = placeOf(given);
    const { secret, ...rest } = given;
    if (place === '' || !isText(secret) || `${place}${secret}`.includes('${')) // a variable is no secret
        return { configuration: given, place, secret: undefined };
    return { configuration: rest as Configuration, place, secret };
}

/** With a name that none of `others` has. */
export function named(given: Configuration, others: readonly { name?: unknown }[]): Configuration {
    let name = given.name;
    for (let number = 2; others.some((one) => one.name === name); number++)
        name = `${given.name} ${number}`;
    return { ...given, name };
}

/** What attaching to a typed address means. The secret is kept apart. */
export function fromAddress(shown: string): Attributes {
    return { name: shown, type: 'ptvsd', request: 'attach', uri: shown };
}
