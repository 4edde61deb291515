/** Questions to the person, about one place. */

import * as vscode from 'vscode';

import type { Person } from './credentials';

const TRUST = 'Trust It';
const TRUST_NEW = 'Trust the New One';

export const person: Person = {
    secret(place: string, refused: boolean): Thenable<string | undefined> {
        return vscode.window.showInputBox({
            title: `Secret of ${place}`,
            prompt: `${refused ? 'The secret was not accepted. ' : ''}What the program gives to ptvsd.enable_attach()`,
            password: true,
            ignoreFocusOut: true,
        });
    },

    async certificate(place: string, fingerprint: string, before: string | undefined): Promise<boolean> {
        const [message, detail, answer] = before === undefined
            ? [`Is this the certificate of ${place}?`, 'This machine cannot tell by itself: nobody whom it trusts vouches ' +
                'for it, or not for this name or this day.', TRUST]
            : [`The certificate of ${place} has changed.`,
                `Until now it was\n\n${before}\n\nEither the program has got a new one, or somebody is in between.`, TRUST_NEW];
        const chosen = await vscode.window.showWarningMessage(message, {
            modal: true,
            detail: `${detail}\n\nSHA-256 fingerprint:\n${fingerprint}\n\nWhere the program runs, ` +
                '"openssl x509 -noout -fingerprint -sha256 -in CERTFILE" must say the same. It is remembered then.',
        }, answer);
        return chosen === answer;
    },
};
