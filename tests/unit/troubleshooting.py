#!/usr/bin/env python3
"""Is docs/troubleshooting.md what the sentences are?

    troubleshooting.py TROUBLESHOOTING [--write]
"""

import os
import subprocess
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "troubleshooting.md")


def main():
    made = subprocess.run([sys.argv[1]], check=True, stdout=subprocess.PIPE).stdout
    if sys.argv[2:] == ["--write"]:
        with open(PAGE, "wb") as page:
            page.write(made)
    with open(PAGE, "rb") as page:
        if page.read() == made:
            return 0
    print("docs/troubleshooting.md is not what the sentences say: tests/unit/troubleshooting.py PROGRAM --write")
    return 1


sys.exit(main())
