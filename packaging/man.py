"""man.py PTVSD_DAP VERSION: prints the manual page, made of what the program says of itself with --help."""

import re
import subprocess
import sys

ROW = re.compile(r'  (--\S+(?: \S+)?|\w+) {2,}(.*)$')


def said(program, *arguments):
    return subprocess.run([program] + list(arguments) + ['--help'], check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE).stdout.decode('utf-8').splitlines()


def escaped(text):
    text = text.replace('\\', '\\e').replace('-', '\\-')
    return re.sub(r"^(?=[.'])", r'\\&', text)


def usage(lines):
    for line in lines:
        if not line.startswith(('Usage: ', '       ')):
            break
        yield from ('.br', escaped(line[7:]))


def body(lines):
    """Rows of two columns become entries, the rest text."""
    for line in lines:
        row = ROW.match(line)
        if row:
            yield from ('.TP', '.B ' + escaped(row.group(1)), escaped(row.group(2)))
        elif line.startswith(('Usage: ', '       ')):
            continue
        else:
            yield escaped(line.strip()) or '.PP'


def page(program, version):
    first = said(program)
    subcommands = [ROW.match(line).group(1) for line in first if re.match(r'  \w+ ', line)]
    yield '.TH PTVSD\\-DAP 1 "" "ptvsd\\-dap %s"' % escaped(version)
    yield from ('.SH NAME', 'ptvsd\\-dap \\- debug old Python programs from the editor of today', '.SH SYNOPSIS')
    yield from usage(first)
    yield '.SH DESCRIPTION'
    yield from body(first)
    for name in subcommands:
        lines = said(program, name)
        yield '.SH %s' % escaped(name.upper())
        yield from usage(lines)
        yield '.PP'
        yield from body(lines)


sys.stdout.buffer.write(('\n'.join(page(sys.argv[1], sys.argv[2])) + '\n').encode('utf-8'))
