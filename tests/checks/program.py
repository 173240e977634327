# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the program says of itself, for the checks that compare it with manual and completions."""

import functools
import os
import pathlib
import re
import subprocess
import sys

import source


@functools.cache
def build():
    for name in os.environ.get("FERRY_BUILD"), "build-check", "build":
        if name and (source.TOP / name / "ferry").exists():
            return pathlib.Path(source.TOP / name)
    sys.exit("ferry is not built: run `make` first")


@functools.cache
def help_of(command=""):
    return subprocess.run([build() / "ferry", *command.split(), "--help"], capture_output=True, text=True,
                          check=True, stdin=subprocess.DEVNULL).stdout


def commands():
    """The names of all commands but ferry alone: `  ferry NAME WORDS   SUMMARY` in the help."""
    rows = re.findall(r"^  ferry((?: [a-z-]+)+) ", help_of(), re.M)
    return [row.strip() for row in rows]


def options(command):
    """{"json": None, "color": "WHEN", ...}"""
    return {m[1]: m[2] for m in re.finditer(r"^  (?:-\w, |    )--([a-z-]+)(?: ([A-Z]+))?", help_of(command), re.M)}


def letters(command):
    return {m[2]: m[1] for m in re.finditer(r"^  -(\w), --([a-z-]+)", help_of(command), re.M)}
