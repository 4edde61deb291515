/** Addresses as a person types them; the adapter's own rules are in protocol/address.h. */

export interface Address {
    /** Whole, but without the secret: as it is shown, remembered, and sent. */
    shown: string;
    /** Percent-decoded; undefined when the address has none. */
    secret: string | undefined;
}

const PORTS: Record<string, number> = { tcp: 5678, tcps: 5678, ws: 80, wss: 443 };
const FORM = /^(?:(tcps?|wss?):\/\/)?(?:([^/]*)@)?(\[[^\]]+\]|[^\s:/@[\]]+)(?::(\d{1,5}))?(\/\S*)?$/s;

function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text; // the adapter takes a lone % as it stands, too
    }
}

const PORTS_MOST = 64;

/** `host:5678-5681` as the addresses that it stands for. */
function spread(text: string): string[] {
    const found = /^(.*:)(\d{1,5})-(\d{1,5})$/s.exec(text);
    if (!found)
        return [text];
    const [, before = '', first, last] = found;
    const count = Number(last) - Number(first) + 1;
    if (count < 1 || count > PORTS_MOST)
        return ['']; // no address
    return Array.from({ length: count }, (_, i) => `${before}${Number(first) + i}`);
}

/** Several, divided by spaces, also with a range of ports; empty when one of them is no address. With a secret, which
 *  may hold anything, it is one alone. */
export function parseAddresses(text: string): Address[] {
    const parts = text.includes('@') ? [text] : text.split(/,?\s+/).filter(Boolean);
    const found = parts.flatMap(spread).map(parseAddress);
    return found.every((one) => one !== undefined) ? found as Address[] : [];
}

/** undefined when it is no address. The last @ before the path divides secret and host; behind that only a web
 *  server's path may hold one: elsewhere it shows that a secret holds a / that is not written as %2F. */
export function parseAddress(text: string): Address | undefined {
    const found = FORM.exec(text.trim());
    if (!found)
        return undefined;
    const [, scheme = 'tcp', secret, host, port = String(PORTS[scheme]), path = ''] = found;
    if (Number(port) < 1 || Number(port) > 65535 || (scheme.startsWith('tcp') && path.includes('@')))
        return undefined;
    return { shown: `${scheme}://${host}:${port}${path}`, secret: secret === undefined ? undefined : decoded(secret) };
}
