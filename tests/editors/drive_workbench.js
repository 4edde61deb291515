// One session in VS Code's workbench, as a person has it: code-server in headless Chromium. What was seen goes to
// $DRIVE_RESULT.
'use strict';

const fs = require('fs');
const { chromium } = require(process.env.DRIVE_PLAYWRIGHT);

const { DRIVE_URL, DRIVE_LINE, DRIVE_RESULT, DRIVE_CHROMIUM, DRIVE_PICTURES, DRIVE_ADDRESS, DRIVE_PART } = process.env;
const line = Number(DRIVE_LINE);
const PATIENCE = 20000;
const report = {};

// Keys are lost, and boxes close, while the workbench still moves: then it is tried again.
async function again(action) {
    for (const end = Date.now() + PATIENCE; ;) {
        try {
            return await action();
        } catch (problem) {
            if (Date.now() > end)
                throw problem;
        }
    }
}

const SOON = { timeout: 2000 };

function choose(page, key, text, row) {
    return again(async () => {
        await page.keyboard.press(key);
        const input = page.locator('.quick-input-widget input').first();
        await input.waitFor(SOON);
        await input.fill(text, SOON);
        await page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().waitFor(SOON);
        await page.keyboard.press('Enter');
    });
}

// What shows a session's progress is among the last that the workbench starts.
function progressIsShown(page) {
    const mark = 'code/didCreateWorkbenchContributions/4';
    return page.waitForFunction((name) => performance.getEntriesByName(name).length, mark);
}

function rows(page, text) {
    return page.locator('.quick-input-list .monaco-list-row', { hasText: text });
}

async function pickRow(page, text) {
    await rows(page, text).first().click();
}

// For the README, where a folder for it is named. Whose machine it was taken on is nobody's concern.
async function picture(page, name, part) {
    if (!DRIVE_PICTURES)
        return;
    await page.evaluate(([folder, user]) => {
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode())
            walk.currentNode.data = walk.currentNode.data.replace(folder, '/usr/bin/').replace(user, 'pi ·');
    }, [process.env.DRIVE_EXECUTABLES, `${process.env.DRIVE_USER} ·`]);
    await (part ? page.locator(part).first() : page).screenshot({ path: `${DRIVE_PICTURES}/${name}.png` });
}

function palette(page, text) {
    return choose(page, 'F1', '>' + text, text);
}

// The stopped frame's line, as the call stack shows it: "show  values.py  42:1".
async function stoppedAt(page, other) {
    const row = page.locator('.debug-call-stack .monaco-list-row .line-number').first();
    await page.waitForFunction((not) => {
        const shown = document.querySelector('.debug-call-stack .monaco-list-row .line-number');
        return shown && shown.textContent && shown.textContent.split(':')[0] !== not;
    }, String(other));
    return Number((await row.textContent()).split(':')[0]);
}

function variable(page, name) {
    return page.locator('.debug-variables .monaco-list-row', { hasText: new RegExp(`^\\s*${name}\\s*=`) });
}

// Without a Python file before it, the workbench has no debugger to offer.
async function openFile(page) {
    await choose(page, 'Control+p', `values.py:${line}`, 'values.py');
    await page.locator('.editor-instance .view-line', { hasText: 'number = 42' }).waitFor();
}

async function breakpoint(page) {
    await openFile(page);
    await page.keyboard.press('F9');
    await page.locator('.codicon-debug-breakpoint').first().waitFor();
}

async function answerSecret(page, secret) {
    const input = page.locator('.quick-input-widget input[type=password]');
    await input.waitFor();
    const title = await page.locator('.quick-input-title').textContent();
    await input.fill(secret);
    await page.keyboard.press('Enter');
    return title;
}

// What a modal box says; it is closed, by its button of that name.
async function complaint(page, button) {
    const box = page.locator('.monaco-dialog-box');
    await box.waitFor();
    const said = await box.locator('.dialog-message-container').textContent();
    if (button)
        await box.locator('.monaco-button', { hasText: button }).click();
    else
        await page.keyboard.press('Escape');
    await box.waitFor({ state: 'hidden' });
    return said;
}

// Who has left it is not told so: no box takes the keys.
async function leftInPeace(page) {
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await palette(page, 'View: Show Explorer');
}

async function running(page) {
    await page.locator('.debug-toolbar').waitFor();
    await page.locator('.pane-header', { hasText: /Call Stack.*Running/ }).waitFor();
}

async function look(page) {
    report.line = await stoppedAt(page, 0);
    report.number = await variable(page, 'number').locator('.value').textContent();
    await variable(page, 'rest').locator('.monaco-tl-twistie').click();
    const child = variable(page, '\\[0\\]');
    await child.waitFor();
    report.child = await child.locator('.value').textContent();
}

// Where the last `number` of the line print('number %d' % number) is on the screen.
function placeOfName(page) {
    return page.locator('.view-line', { hasText: 'print(' }).first().evaluate((row) => {
        const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        const range = document.createRange();
        while (walk.nextNode()) {
            const at = walk.currentNode.data.lastIndexOf('number');
            if (at >= 0) {
                range.setStart(walk.currentNode, at);
                range.setEnd(walk.currentNode, at + 'number'.length);
            }
        }
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x, y, width, height };
    });
}

// The editor may still be moving its lines: then the mouse comes again.
async function hover(page) {
    const shown = page.locator('.debug-hover-widget .value').first();
    await again(async () => {
        const box = await placeOfName(page);
        await page.mouse.move(box.x + 2 * box.width, box.y + box.height / 2);
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
        await shown.waitFor(SOON);
    });
    report.hover = await shown.textContent();
    await page.keyboard.press('Escape');
    await page.mouse.move(5, 5);
}

async function watch(page) {
    await palette(page, 'Debug: Focus on Watch View');
    await page.locator('.pane-header', { hasText: 'Watch' }).hover();
    await page.locator('.pane-header', { hasText: 'Watch' }).locator('[aria-label="Add Expression"]').click();
    await page.locator('.debug-watch input').waitFor();
    await page.keyboard.type('number + 1000');
    await page.keyboard.press('Enter');
    const value = page.locator('.debug-watch .monaco-list-row .value', { hasText: '1042' });
    await value.waitFor();
    report.watch = await value.textContent();
}

async function consoleSays(page) {
    await palette(page, 'Debug Console: Focus on Debug Console View');
    await page.locator('.repl-input-wrapper .view-lines').click();
    await page.keyboard.type('first + number');
    await page.keyboard.press('Escape'); // the list of completions
    await page.keyboard.press('Enter');
    const value = page.locator('.repl .evaluation-result', { hasText: '52' }).first();
    await value.waitFor();
    report.console = (await value.textContent()).trim();
}

async function detach(page) {
    await page.keyboard.press('Shift+F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
}

// A command that asks for addresses, which are typed.
async function withAddresses(page, command, title, addresses) {
    await palette(page, command);
    const input = page.locator('.quick-input-widget input').first();
    await page.locator('.quick-input-title', { hasText: title }).waitFor();
    await input.fill(addresses);
    await rows(page, addresses.split(' ')[0].replace(/.*@/, '')).first().waitFor(); // without the secret
    await page.keyboard.press('Enter');
}

async function listPrograms(page, addresses) {
    await withAddresses(page, 'Attach to Remote Python (ptvsd)', 'Attach to Remote Python', addresses);
    await page.locator('.quick-input-title', { hasText: 'Programs' }).waitFor();
}

function allAnswered(page) {
    return page.locator('.quick-input-widget input[placeholder="A program to attach to"]').waitFor();
}

// By the command, with an address; the secret is known by now.
async function attachByAddress(page) {
    await listPrograms(page, DRIVE_ADDRESS);
    await pickRow(page, process.env.DRIVE_PID);
    await running(page);
    report.again = true;
    await detach(page);
}

async function terminalSays(page, words) {
    await page.waitForFunction((wanted) => {
        const shown = document.querySelector('.terminal-wrapper.active .xterm-rows');
        return shown && shown.textContent.replace(/\u00a0/g, ' ').includes(wanted);
    }, words);
}

function notification(page, text) {
    return page.locator('.notification-toast', { hasText: text });
}

const parts = {
    async session(page) {
        await breakpoint(page);
        await page.keyboard.press('F5');
        report.asked = await answerSecret(page, 'hush-4711');
        await page.locator('.debug-toolbar').waitFor();
        await look(page);
        await hover(page);
        await watch(page);
        await consoleSays(page);
        await picture(page, 'session');
        await page.keyboard.press('F10');
        report.stepped = await stoppedAt(page, report.line);
        await detach(page);
        await attachByAddress(page);
    },

    // A secret that is wrong is asked for again in the same attach, one that is right never more.
    async secrets(page) {
        await openFile(page);
        await palette(page, 'View: Show Run and Debug');
        await page.keyboard.press('F5');
        await answerSecret(page, 'wrong');
        await page.locator('.quick-input-message', { hasText: 'not accepted' }).waitFor();
        await answerSecret(page, 'hush-4711');
        await running(page);
        await detach(page);
        await page.keyboard.press('F5');
        await running(page);
        await detach(page);
    },

    // An attach block of debugpy's is offered as one of ours.
    async suggestions(page) {
        await openFile(page);
        await palette(page, 'Debug: Select and Start Debugging');
        await pickRow(page, 'Remote Python (ptvsd)...');
        await pickRow(page, 'Theirs (ptvsd)');
        await answerSecret(page, 'hush-4711');
        await running(page);
        report.attached = true;
        await detach(page);
    },

    async noAdapter(page) {
        await openFile(page);
        await page.keyboard.press('F5');
        report.refused = await complaint(page);
        await palette(page, 'Diagnose Connection');
        await notification(page, 'ptvsd.adapterPath').waitFor();
    },

    // Several addresses, the secret of one, the list anew, and its program attached to.
    async programs(page) {
        await openFile(page);
        await listPrograms(page, process.env.DRIVE_ADDRESSES);
        await rows(page, 'refused the connection').waitFor();
        await pickRow(page, 'Give its secret');
        await answerSecret(page, 'hush-4711');
        const row = rows(page, process.env.DRIVE_PID);
        await row.waitFor();
        report.row = await row.textContent();
        await rows(page, 'refused the connection').waitFor();
        await picture(page, 'programs', '.quick-input-widget');
        await page.locator('.quick-input-titlebar [aria-label="Ask again"]').click();
        await allAnswered(page);
        await row.click();
        await running(page);
        await detach(page);
        await listPrograms(page, process.env.DRIVE_ADDRESSES);
        // What is chosen while another answer comes is not taken.
        await allAnswered(page);
        await pickRow(page, 'refused the connection');
        await pickRow(page, 'Look only');
        await terminalSays(page, 'It went no further.');
    },

    // README's way for somebody new, from the open folder to the stop; how long each step takes goes into the report.
    async newcomer(page) {
        report.seconds = {};
        const timed = async (step, action) => {
            const begun = Date.now();
            await action();
            report.seconds[step] = (Date.now() - begun) / 1000;
        };
        await timed('breakpoint', () => breakpoint(page));
        await timed('address', () => withAddresses(page, process.env.DRIVE_COMMAND, 'Attach', `hush-4711@${DRIVE_ADDRESS}`));
        await timed('program', async () => {
            await pickRow(page, process.env.DRIVE_PID);
            report.line = await stoppedAt(page, 0);
        });
        await detach(page);
    },

    // F5, and all that is unknown is asked for once: the certificate, the secret.
    async certificate(page) {
        await openFile(page);
        await page.keyboard.press('F5');
        await page.locator('.monaco-dialog-box').waitFor();
        await picture(page, 'certificate', '.monaco-dialog-box');
        report.asked = await complaint(page, 'Trust It');
        await answerSecret(page, 'hush-4711');
        await running(page);
        await detach(page);
        await page.keyboard.press('F5');
        await running(page);
        await detach(page);
        await palette(page, 'Forget Secrets and Certificates');
        await again(async () => {
            await page.keyboard.press('F5');
            await page.locator('.monaco-dialog-box', { hasText: 'Is this the certificate' }).waitFor(SOON);
        });
        await complaint(page);
        await leftInPeace(page);
    },

    // Why F5 failed, by the button of the box; then the doctor with a breakpoint at the cursor.
    async diagnose(page) {
        await openFile(page);
        await page.keyboard.press('F5');
        report.refused = await complaint(page, 'Diagnose Connection');
        await pickRow(page, 'Look only');
        await terminalSays(page, 'It went no further.');
        await picture(page, 'doctor', '.part.panel');
        await choose(page, 'Control+p', `values.py:${line}`, 'values.py');
        await withAddresses(page, 'Diagnose Connection', 'Diagnose', `hush-4711@${DRIVE_ADDRESS}`);
        await pickRow(page, 'Also try a breakpoint');
        await terminalSays(page, 'All steps could be gone.');
        await terminalSays(page, 'source');
    },

    // The copy here is another text: said once, with both side by side.
    async compare(page) {
        await breakpoint(page);
        await page.keyboard.press('F5');
        await answerSecret(page, 'hush-4711');
        await stoppedAt(page, 0);
        const toast = notification(page, 'values.py is not the text that runs');
        await toast.waitFor();
        await toast.locator('.monaco-button', { hasText: 'Compare' }).click();
        for (const [side, text] of [['original', 'ratio = 0.5'], ['modified', 'ratio = 0.75']])
            await page.locator(`.monaco-diff-editor .editor.${side} .view-line`, { hasText: text }).waitFor();
        await detach(page);
    },

    // Configurations of others, and Visual Studio's file for a site; where the secrets went, the attach shows.
    async imports(page) {
        await openFile(page);
        await palette(page, 'Copy Attach Configurations');
        await rows(page, 'Old').waitFor();
        await page.keyboard.press('Enter');
        await rows(page, 'Old').waitFor({ state: 'hidden' });
        await palette(page, 'Import Azure Configuration');
        await pickRow(page, 'web.debug.config');
        await page.locator('.quick-input-title', { hasText: 'Which site?' }).waitFor();
        await page.locator('.quick-input-widget input').first().fill(process.env.DRIVE_SITE);
        await page.keyboard.press('Enter');
        await notification(page, 'Azure site is in launch.json now').waitFor();
        await palette(page, 'Debug: Select and Start Debugging');
        await pickRow(page, 'Old (ptvsd)');
        await running(page);
        await detach(page);
    },

    // Nobody listens: that it waits is shown, and can be ended there.
    async waiting(page) {
        await openFile(page);
        await progressIsShown(page);
        await page.keyboard.press('F5');
        const toast = notification(page, 'Waiting for the program');
        await toast.waitFor();
        await toast.locator('.monaco-button', { hasText: 'Cancel' }).click();
        await leftInPeace(page);
    },

    // Started by us; Stop ends it.
    async launch(page) {
        await openFile(page);
        await page.keyboard.press('F5');
        report.line = await stoppedAt(page, 0);
        await detach(page);
    },

    // A step that takes longer than the workbench waits, before it turns to another thread that it takes for stopped.
    async longStep(page) {
        await openFile(page);
        await page.keyboard.press('F5');
        for (let at = await stoppedAt(page, 0); at !== line; at = await stoppedAt(page, at))
            await page.keyboard.press('F10');
        await page.keyboard.press('F10');
        const pause = page.locator('.debug-toolbar [aria-label^="Pause"]');
        await pause.waitFor();
        await page.waitForTimeout(2000);
        report.pause = await pause.isVisible();
        report.threads = await page.locator('.debug-call-stack .thread .state.label').allTextContents();
        await detach(page);
    },

    // Whose settings name another adapter: it is not run. The list comes from ours.
    async untrusted(page) {
        await openFile(page);
        await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
        await listPrograms(page, DRIVE_ADDRESS);
        await rows(page, 'Give its secret').waitFor();
    },

    // Breakpoints where Django's templates are.
    async templates(page) {
        await choose(page, 'Control+p', 'page.html', 'page.html');
        await page.locator('.editor-instance .view-line', { hasText: 'hello' }).waitFor();
        await page.keyboard.press('F9');
        await page.locator('.codicon-debug-breakpoint-unverified, .codicon-debug-breakpoint').first().waitFor();
    },
};

async function drive(page) {
    await page.goto(DRIVE_URL);
    await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
    await parts[DRIVE_PART](page);
}

(async () => {
    const browser = await chromium.launch({ executablePath: DRIVE_CHROMIUM, args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 1100, height: 720 } });
    page.setDefaultTimeout(PATIENCE);
    try {
        await drive(page);
    } catch (problem) {
        report.error = problem.stack;
        await page.screenshot({ path: DRIVE_RESULT + '.png' });
    }
    await browser.close();
    fs.writeFileSync(DRIVE_RESULT, JSON.stringify(report));
})();
