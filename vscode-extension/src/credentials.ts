/** Secrets and certificates of places: what is known of them, and when a person is asked. Knows no VS Code. */

import type { Attacher, Failure, Mended } from './bridge';
import { Attributes, placeOf, secretOf, settlesCertificate, settlesSecret } from './configuration';

/** What outlives the session. */
export interface Store {
    secretOf(place: string): PromiseLike<string | undefined>;
    pinOf(place: string): string | undefined;
    /** After an attach that worked; undefined: the secret is not ours to keep. */
    keep(place: string, secret: string | undefined): PromiseLike<void>;
    keepPin(place: string, pin: string): PromiseLike<void>;
    forgetSecret(place: string): PromiseLike<void>;
}

export interface Person {
    /** undefined: left. `refused`: another one was tried. */
    secret(place: string, refused: boolean): PromiseLike<string | undefined>;
    /** `before`: the fingerprint that was trusted until now. */
    certificate(place: string, fingerprint: string, before: string | undefined): PromiseLike<boolean>;
}

/** Attributes of an attach that let one in. */
export interface Known {
    secret?: string;
    tlsPin?: string;
}

const SCHEMES_WITH_TLS = ['tcps:', 'wss:'];

export class Credentials implements Attacher {
    private readonly typed = new Map<string, string>(); // secrets of which it is not known yet whether they fit
    private readonly failed = new Map<string, Attributes>(); // by place: what the last attach was given, if it failed

    constructor(private readonly store: Store, private readonly person: Person) {}

    offer(place: string, secret: string): void {
        this.typed.set(place, secret);
    }

    async knownOf(place: string): Promise<Known> {
        const known: Known = {};
        const secret = this.typed.get(place) ?? await this.store.secretOf(place);
        if (secret !== undefined)
            known.secret = secret;
        const pin = this.store.pinOf(place);
        if (pin !== undefined && SCHEMES_WITH_TLS.some((scheme) => place.startsWith(scheme)))
            known.tlsPin = pin;
        return known;
    }

    async complete(given: Attributes): Promise<Attributes> {
        const place = placeOf(given);
        if (place === '')
            return given;
        const { secret, tlsPin } = await this.knownOf(place);
        return { ...given, ...(secret !== undefined && !settlesSecret(given) ? { secret } : {}),
            ...(tlsPin !== undefined && !settlesCertificate(given) ? { tlsPin } : {}) };
    }

    async mend(given: Attributes, tried: Attributes, failure: Failure): Promise<Mended> {
        const place = placeOf(given);
        const mine = (failure.failure === 'wrong-secret' && !settlesSecret(given)) ||
            (failure.failure === 'certificate' && !settlesCertificate(given));
        if (place === '' || !mine)
            return undefined;
        const asked = await this.ask(place, tried, failure);
        return asked === true ? this.complete(given) : asked === false ? 'left' : undefined;
    }

    /** Whether something is known now that was not; undefined when no answer could help. */
    async ask(place: string, tried: Known, failure: Failure): Promise<boolean | undefined> {
        if (failure.failure === 'wrong-secret')
            return this.askSecret(place, tried.secret !== undefined);
        if (failure.failure === 'certificate' && failure.fingerprint !== undefined)
            return this.askCertificate(place, failure.fingerprint, tried.tlsPin);
        return undefined;
    }

    attached(given: Attributes, tried: Attributes): void {
        const place = placeOf(given);
        const secret = tried['secret'];
        this.typed.delete(place);
        this.failed.delete(place);
        if (place !== '')
            void this.store.keep(place, typeof secret === 'string' && !settlesSecret(given) ? secret : undefined);
    }

    help(given: Attributes): { url: string; urlLabel: string } | undefined {
        const place = placeOf(given);
        if (place === '')
            return undefined;
        this.failed.set(place, given); // not in the link, as it may hold a secret
        return { url: `command:ptvsd.diagnose?${encodeURIComponent(JSON.stringify([place]))}`,
            urlLabel: 'Diagnose Connection' };
    }

    /** Attributes of the attach to be diagnosed. */
    async wayTo(place: string): Promise<Attributes> {
        const given = this.failed.get(place) ?? { uri: place };
        const secret = secretOf(given);
        return { ...await this.complete(given), ...(secret !== undefined ? { secret } : {}) };
    }

    private async askSecret(place: string, refused: boolean): Promise<boolean> {
        if (refused) {
            this.typed.delete(place);
            await this.store.forgetSecret(place);
        }
        const secret = await this.person.secret(place, refused);
        if (secret !== undefined)
            this.typed.set(place, secret);
        return secret !== undefined;
    }

    private async askCertificate(place: string, fingerprint: string, before: string | undefined): Promise<boolean> {
        const trusted = await this.person.certificate(place, fingerprint, before);
        if (trusted)
            await this.store.keepPin(place, fingerprint);
        return trusted;
    }
}
