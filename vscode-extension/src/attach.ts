/** The command that needs no configuration: an address typed, or one of late. */

import * as vscode from 'vscode';

import { parseAddress } from './address';
import { Attributes, fromAddress } from './configuration';
import type { Offered } from './provider';
import { Memory } from './secrets';

interface Item extends vscode.QuickPickItem {
    address: string;
}

function items(typed: string, places: string[]): Item[] {
    const known = places.map((place) => ({ label: place, address: place, iconPath: new vscode.ThemeIcon('history') }));
    const address = parseAddress(typed);
    if (!address || places.includes(address.shown))
        return known;
    // The secret that may stand in what was typed is not shown in the list.
    const first = { label: `Attach to ${address.shown}`, address: typed, alwaysShow: true,
        iconPath: new vscode.ThemeIcon('debug-alt') };
    return [first, ...known];
}

/** A configuration for what was chosen, or undefined. A secret that was typed goes to `offered`. */
export async function askForAddress(memory: Memory, offered: Offered): Promise<Attributes | undefined> {
    const typed = await pick(memory.places());
    const address = typed === undefined ? undefined : parseAddress(typed);
    if (!address)
        return undefined;
    if (address.secret !== undefined)
        offered.set(address.shown, address.secret);
    return fromAddress(address.shown);
}

function pick(places: string[]): Promise<string | undefined> {
    return new Promise((resolve) => {
        const list = vscode.window.createQuickPick<Item>();
        list.title = 'Attach to Remote Python (ptvsd)';
        list.placeholder = 'host:port, or tcp://host:port, or ws://host:port/path';
        list.ignoreFocusOut = true;
        list.items = items('', places);
        list.onDidChangeValue((typed) => { list.items = items(typed, places); });
        list.onDidAccept(() => {
            const chosen = list.selectedItems[0]?.address ?? list.value;
            if (!parseAddress(chosen))
                return; // nothing that could be attached to: the list stays
            resolve(chosen);
            list.hide();
        });
        list.onDidHide(() => {
            resolve(undefined);
            list.dispose();
        });
        list.show();
    });
}
