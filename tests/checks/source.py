# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the checks have in common: the project's files, C without its comments and strings, and how a
finding is shown."""

import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(*patterns):
    """The project's files: those that git knows, or would know, less those that were removed."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard", "--", *patterns],
                            cwd=TOP, capture_output=True, text=True, check=True).stdout
    return sorted(p for p in set(listed.split("\0")) if p and (TOP / p).is_file())


def read(path):
    return (TOP / path).read_text(errors="replace")


def without_comments(text, strings=False):
    """C with its comments blanked out, lines kept; with strings=True their content too."""
    def blank(m):
        token = m[0]
        if token[0] == "/":
            return " " + "\n" * token.count("\n")
        if strings and token[0] == '"':
            return '""'
        return "' '" if strings else token
    # An #include is no string.
    return TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Findings:
    def __init__(self):
        self.count = 0

    def add(self, path, line, what):
        print(f"{path}:{line}: {what}" if line else f"{path}: {what}")
        self.count += 1

    def exit(self):
        sys.exit(1 if self.count else 0)
