"""The configurations that docs/editors prints, as a person would paste them: only the values that the page names as
examples are replaced by those of the test."""

import os
import re

import dap

FOLDER = os.path.join(dap.REPOSITORY, 'docs', 'editors')
HOST, PORT, LOCAL, REMOTE = '10.0.0.5', '5678', '/home/me/app', '/srv/app'


def blocks(page, language):
    """The texts in fences of this language on a page, in order."""
    with open(os.path.join(FOLDER, page), encoding='utf-8') as opened:
        return re.findall(r'^```%s\n(.*?)^```$' % re.escape(language), opened.read(), re.M | re.S)


def block(page, language, number=0):
    return blocks(page, language)[number]


def replaced(text, program, local):
    """The example's places replaced. Each stands there once; the local folder may be a variable instead."""
    for example, real in ((HOST, '127.0.0.1'), (PORT, str(program.port)), (REMOTE, program.root), (LOCAL, local)):
        assert text.count(example) == 1 or example == LOCAL and example not in text, '%r in %s' % (example, text)
        text = text.replace(example, real)
    return text
