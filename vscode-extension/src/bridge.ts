/** Runs ptvsd-dap for a session, and stands between it and the editor: what an attach lacks is put in, and where it
 *  fails for something that a person can settle, the person is asked and it is tried again. Knows no VS Code. */

import { ChildProcess, spawn } from 'child_process';

import { Attributes } from './configuration';
import { framed, Frames } from './frames';

/** What of a DAP message is looked at here. */
export interface Message {
    seq: number;
    type: string;
    command?: string;
    event?: string;
    arguments?: Attributes;
    request_seq?: number;
    success?: boolean;
    message?: string;
    body?: Attributes & { error?: ErrorBody };
}

interface ErrorBody {
    variables?: Failure;
    showUser?: boolean;
    url?: string;
    urlLabel?: string;
}

/** adapter/explain_variables.h */
export interface Failure {
    failure?: string;
    fingerprint?: string;
}

/** What becomes of a failed attach: other arguments to try, nothing, or that its person has left it. */
export type Mended = Attributes | 'left' | undefined;

export interface Attacher {
    /** `given`, with what it leaves open. */
    complete(given: Attributes): Promise<Attributes>;
    mend(given: Attributes, tried: Attributes, failure: Failure): Promise<Mended>;
    attached(given: Attributes, tried: Attributes): void;
    /** A link that helps with a failure, if there is one. */
    help(given: Attributes): { url: string; urlLabel: string } | undefined;
}

interface Attach {
    request: Message;
    tried: Attributes;
    cancelled?: boolean;
}

export class Bridge {
    private readonly process: ChildProcess;
    private readonly frames = new Frames();
    private readonly open = new Map<number, string>(); // requests to be answered, by seq
    private attach: Attach | undefined;
    private left = false;
    private gone: string | undefined; // why nothing is answered any more

    constructor(program: string, words: string[], private readonly attacher: Attacher,
        private readonly tell: (message: Message) => void) {
        this.process = spawn(program, words, { stdio: 'pipe', windowsHide: true });
        this.process.stdout?.on('data', (bytes: Buffer) => this.hear(bytes));
        this.process.stderr?.on('data', (bytes: Buffer) => this.say(bytes.toString()));
        this.process.stdin?.on('error', () => undefined); // it has ended, which is told below
        this.process.on('error', (error) => this.over(`${program} cannot be run: ${error.message}.`));
        this.process.on('close', (code, signal) => this.over(`ptvsd-dap has ended (${signal ?? code}).`));
    }

    /** A message of the editor's. */
    take(message: Message): void {
        if (message.type === 'request')
            this.open.set(message.seq, message.command ?? '');
        if (message.command === 'disconnect')
            this.attach = undefined; // nobody waits for it any more
        if (message.command === 'cancel' && this.attach)
            this.attach.cancelled = true; // what it waits for is shown with a button for that
        if (this.gone !== undefined)
            this.over(this.gone);
        else if (message.command === 'attach')
            void this.begin(message);
        else
            this.pass(message);
    }

    /** The end of its input makes the adapter detach and go. */
    end(): void {
        this.left = true;
        this.attach = undefined;
        this.process.stdin?.end();
    }

    private pass(message: Message): void {
        this.process.stdin?.write(framed(message));
    }

    private async begin(request: Message): Promise<void> {
        const attach: Attach = { request, tried: request.arguments ?? {} };
        this.attach = attach;
        attach.tried = await this.attacher.complete(attach.tried).catch(() => attach.tried); // no storage here
        this.go(attach);
    }

    private go(attach: Attach): void {
        if (this.attach === attach)
            this.pass({ ...attach.request, arguments: attach.tried });
    }

    private hear(bytes: Buffer): void {
        try {
            for (const message of this.frames.feed(bytes) as Message[])
                this.answer(message);
        } catch (error) {
            this.over(`ptvsd-dap was not understood: ${(error as Error).message}.`);
            this.process.kill();
        }
    }

    private answer(message: Message): void {
        const attach = this.attach;
        if (message.type === 'response' && attach && message.request_seq === attach.request.seq)
            void this.attachAnswered(message, attach);
        else
            this.give(message);
    }

    private give(message: Message): void {
        if (message.type === 'response')
            this.open.delete(message.request_seq ?? -1);
        if (!this.left)
            this.tell(message);
    }

    private async attachAnswered(answer: Message, attach: Attach): Promise<void> {
        const given = attach.request.arguments ?? {};
        if (answer.success) {
            this.attacher.attached(given, attach.tried);
            this.attach = undefined;
            this.give(answer);
            return;
        }
        const mended = attach.cancelled ? 'left'
            : await this.attacher.mend(given, attach.tried, answer.body?.error?.variables ?? {}).catch(() => undefined);
        if (typeof mended === 'object') {
            attach.tried = mended;
            this.go(attach);
        } else if (this.attach === attach) {
            this.attach = undefined;
            this.give(mended === 'left' ? without(answer) : withHelp(answer, this.attacher.help(given)));
        }
    }

    private say(output: string): void {
        this.give({ seq: 0, type: 'event', event: 'output', body: { category: 'stderr', output } });
    }

    /** The adapter is gone: whoever waits for it is told. */
    private over(why: string): void {
        const first = this.gone === undefined;
        this.gone = why;
        for (const [seq, command] of [...this.open])
            this.give({ seq: 0, type: 'response', request_seq: seq, command, success: command === 'disconnect',
                message: why });
        if (first)
            this.give({ seq: 0, type: 'event', event: 'terminated' });
    }
}

/** The answer, with no box about what the person has settled by leaving. */
function without(answer: Message): Message {
    return withError(answer, { showUser: false });
}

function withHelp(answer: Message, help: object | undefined): Message {
    return help && answer.body?.error?.variables?.failure ? withError(answer, help) : answer;
}

function withError(answer: Message, more: object): Message {
    return { ...answer, body: { ...answer.body, error: { ...answer.body?.error, ...more } } };
}
