"""Turns an ASCII file into a C file with one constant. Usage: embed_text.py OUTPUT NAME FILE"""

import sys


def main(output, name, path):
    with open(path, encoding='ascii') as file:
        codes = [str(byte) for byte in file.read().encode('ascii')] + ['0']
    rows = [', '.join(codes[at:at + 24]) for at in range(0, len(codes), 24)]
    with open(output, 'w', encoding='ascii') as file:
        file.write('/* Made by embed_text.py. */\nextern const char %s[];\n' % name)
        file.write('const char %s[] = {\n    %s};\n' % (name, ',\n    '.join(rows)))


if __name__ == '__main__':
    main(*sys.argv[1:])
