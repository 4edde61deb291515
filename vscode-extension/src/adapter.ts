/** Which ptvsd-dap is run. Knows no VS Code. */

import { accessSync, chmodSync, constants, statSync } from 'fs';
import * as path from 'path';

const NAME = process.platform === 'win32' ? 'ptvsd-dap.exe' : 'ptvsd-dap';

function isProgram(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
    } catch {
        return false;
    }
}

/** An archive may have lost the permission to run it. */
function bundled(folder: string): string | undefined {
    const file = path.join(folder, 'bin', NAME);
    try {
        if (statSync(file).isFile() && !isProgram(file))
            chmodSync(file, 0o755);
    } catch {
        return undefined;
    }
    return isProgram(file) ? file : undefined;
}

function onPath(): string | undefined {
    return (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean)
        .map((folder) => path.join(folder, NAME)).find(isProgram);
}

/** The file to run; throws a sentence where there is none. A command that does not exist would end the
 *  session without a word. */
export function findAdapter(configured: string, extension: string): string {
    if (configured) {
        if (isProgram(configured))
            return configured;
        throw new Error(`The setting ptvsd.adapterPath says ${configured}, and there is no program by that name on ` +
            'this machine. Correct the setting, or leave it empty for the adapter that came with the extension.');
    }
    const found = bundled(extension) ?? onPath();
    if (found)
        return found;
    throw new Error('This copy of the extension came without ptvsd-dap, and there is none on the PATH. Install ' +
        'ptvsd-dap, or name it in the setting ptvsd.adapterPath.');
}
