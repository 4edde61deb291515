/** The framing of the Debug Adapter Protocol. Knows no VS Code. */

const HEADER = /Content-Length: *(\d+)/i;
const END = '\r\n\r\n';

export function framed(message: unknown): Buffer {
    const body = Buffer.from(JSON.stringify(message));
    return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${END}`), body]);
}

/** Messages out of bytes as they come. */
export class Frames {
    private pieces: Buffer[] = [];
    private held = 0;
    private wanted = 0; // bytes until it is worth to look again

    /** Throws where the bytes are no frames. */
    feed(bytes: Buffer): unknown[] {
        this.pieces.push(bytes);
        this.held += bytes.length;
        if (this.held < this.wanted)
            return [];
        const messages: unknown[] = [];
        let rest = Buffer.concat(this.pieces);
        for (let length = this.first(rest); length !== undefined; length = this.first(rest)) {
            messages.push(JSON.parse(rest.toString('utf8', rest.indexOf(END) + END.length, length)));
            rest = rest.subarray(length);
        }
        this.pieces = [rest];
        this.held = rest.length;
        return messages;
    }

    /** The length of the first frame; undefined when it is not whole yet. */
    private first(bytes: Buffer): number | undefined {
        const end = bytes.indexOf(END);
        this.wanted = 0;
        if (end < 0)
            return undefined;
        const found = HEADER.exec(bytes.toString('latin1', 0, end));
        if (!found)
            throw new Error('it does not speak the Debug Adapter Protocol');
        const length = end + END.length + Number(found[1]);
        if (bytes.length >= length)
            return length;
        this.wanted = length;
        return undefined;
    }
}
