/** Addresses as a person types them; the adapter's own rules are in protocol/address.h. */

export interface Address {
    /** Without the secret: as it is shown, remembered, and sent. */
    shown: string;
    /** Percent-decoded; undefined when the address has none. */
    secret: string | undefined;
}

const FORM = /^(?:(tcps?|wss?):\/\/)?(?:(.*)@)?(\[[^\]]+\]|[^\s:/@[\]]+)(?::(\d{1,5}))?(\/\S*)?$/s;

function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text; // the adapter takes a lone % as it stands, too
    }
}

/** undefined when it is no address. The last @ before the path divides secret and host. */
export function parseAddress(text: string): Address | undefined {
    const found = FORM.exec(text.trim());
    if (!found)
        return undefined;
    const [, scheme, secret, host, port, path] = found;
    if (port !== undefined && (Number(port) < 1 || Number(port) > 65535))
        return undefined;
    const shown = `${scheme ?? 'tcp'}://${host}${port ? `:${port}` : ''}${path ?? ''}`;
    return { shown, secret: secret === undefined ? undefined : decoded(secret) };
}
