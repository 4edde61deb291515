/** Attach without a configuration: an address typed, or one of late; then the programs that listen there. */

import * as vscode from 'vscode';

import { parseAddresses } from './address';
import { run } from './command';
import { Attributes, fromAddress } from './configuration';
import { Program, readListing, rowOf } from './listing';
import type { Services } from './services';

const TITLE = 'Attach to Remote Python (ptvsd)';
const REFRESH: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('refresh'), tooltip: 'Ask again' };
const BACK = vscode.QuickInputButtons.Back;

/* ---- the address ------------------------------------------------------------------------------ */

interface Item extends vscode.QuickPickItem {
    places: string; // as typed
}

function items(typed: string, recent: string[]): Item[] {
    const known = recent.map((place) => ({ label: `$(history) ${place}`, places: place }));
    const addresses = parseAddresses(typed);
    if (!addresses.length || (addresses.length === 1 && recent.includes(addresses[0]?.shown ?? '')))
        return known;
    // The secret that may stand in what was typed is not shown in the list.
    const label = `$(debug-alt) ${addresses.map((one) => one.shown).join(' ')}`;
    return [{ label, places: typed, alwaysShow: true }, ...known];
}

/** Where to look: places without their secrets, which are kept apart. Empty: left. */
export function askForPlaces(services: Services, title = TITLE): Promise<string[]> {
    const recent = services.memory.places();
    return new Promise((resolve) => {
        const list = vscode.window.createQuickPick<Item>();
        list.title = title;
        list.placeholder = 'host:port, or several; tcp://, tcps://, ws://host:port/path, wss://';
        list.ignoreFocusOut = true;
        list.items = items('', recent);
        list.onDidChangeValue((typed) => { list.items = items(typed, recent); });
        list.onDidAccept(() => {
            const chosen = parseAddresses(list.selectedItems[0]?.places ?? list.value);
            if (!chosen.length)
                return; // nothing that could be attached to: the list stays
            for (const { shown, secret } of chosen)
                if (secret !== undefined)
                    services.credentials.offer(shown, secret);
            resolve(chosen.map((one) => one.shown));
            list.hide();
        });
        list.onDidHide(() => {
            resolve([]);
            list.dispose();
        });
        list.show();
    });
}

/* ---- the programs there ----------------------------------------------------------------------- */

interface Found extends vscode.QuickPickItem {
    program?: Program; // none: it is still asked
    place: string;
}

function shown(program: Program, place: string): Found {
    return { ...rowOf(program), program, place, alwaysShow: true };
}

function asked(place: string): Found {
    return { label: `$(loading~spin) ${place}`, description: 'is asked who is there', place, alwaysShow: true };
}

async function look(services: Services, place: string, signal: AbortSignal): Promise<Found> {
    const { out, err } = await run(await services.asking(['list', '--json'], place), signal);
    return shown(readListing(out, err)[0] ?? { address: place, error: 'ptvsd-dap did not say who is there.' }, place);
}

type Choice = string | 'back' | undefined;

class Programs {
    private readonly list = vscode.window.createQuickPick<Found>();
    private readonly found: Map<string, Found>; // the last of each place
    private round = new AbortController(); // of questions
    private aside = false; // another question is shown
    private settle: (choice: Choice) => void = () => undefined;

    constructor(private readonly services: Services, private readonly places: string[]) {
        this.found = new Map(places.map((place) => [place, asked(place)]));
        const list = this.list;
        list.title = `${TITLE}: Programs`;
        list.ignoreFocusOut = true;
        list.matchOnDescription = list.matchOnDetail = list.keepScrollPosition = true;
        list.buttons = [BACK, REFRESH];
        list.onDidTriggerButton((button) => button === BACK ? this.end('back') : void this.refresh());
        list.onDidAccept(() => void this.accept());
        list.onDidHide(() => this.aside || this.end(undefined));
    }

    /** The place to attach to. */
    choose(): Promise<Choice> {
        return new Promise((resolve) => {
            this.settle = resolve;
            this.list.show();
            void this.refresh();
        });
    }

    private end(choice: Choice): void {
        this.round.abort();
        this.settle(choice);
        this.list.dispose();
    }

    /** Each place keeps its row, and the chosen one stays chosen: nothing moves under the mouse. */
    private show(): void {
        const active = this.list.activeItems[0]?.place;
        this.list.items = [...this.found.values()];
        this.list.activeItems = this.list.items.filter((one) => one.place === active);
    }

    private async refresh(): Promise<void> {
        this.round.abort();
        const round = this.round = new AbortController();
        this.list.busy = true;
        this.list.placeholder = 'Asking who listens there. Escape ends this.';
        this.show();
        const tell = (one: Found): void => {
            if (round.signal.aborted)
                return;
            this.found.set(one.place, one);
            this.show();
        };
        const failed = (place: string, error: Error): Found => shown({ address: place, error: error.message }, place);
        await Promise.all(this.places.map((place) => look(this.services, place, round.signal)
            .catch((error: Error) => failed(place, error)).then(tell)));
        if (round.signal.aborted)
            return;
        this.list.busy = false;
        this.list.placeholder = 'A program to attach to';
    }

    private async accept(): Promise<void> {
        const chosen = this.list.selectedItems[0];
        if (!chosen?.program)
            return;
        if (chosen.program.error === undefined)
            return this.end(chosen.place);
        this.aside = true;
        const known = await this.services.credentials.knownOf(chosen.place);
        const asked = await this.services.credentials.ask(chosen.place, known, chosen.program);
        if (asked === undefined) {
            this.end(undefined);
            await vscode.commands.executeCommand('ptvsd.diagnose', chosen.place);
            return;
        }
        this.aside = false;
        this.list.show();
        if (asked)
            await this.refresh();
    }
}

/** A configuration for what was chosen, or undefined. */
export async function askForProgram(services: Services): Promise<Attributes | undefined> {
    services.adapter(); // where there is none, that is said first
    for (;;) {
        const places = await askForPlaces(services);
        const chosen = places.length ? await new Programs(services, places).choose() : undefined;
        if (chosen !== 'back')
            return chosen === undefined ? undefined : fromAddress(chosen);
    }
}
