"""The user's editor, started on a file."""

from __future__ import annotations

import os
import shlex
import subprocess

from engine.refusal import quote


def editor_words() -> tuple[str, ...]:
    """Return the words of the command that edits a file: $VISUAL, $EDITOR, or else vi."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = tuple(shlex.split(os.environ.get(name, "")))
        except ValueError:
            words = ()
        if words:
            return words
    return ("vi",)


def edit(path: str) -> str:
    """Edit a file, and wait until that is done; return what went wrong, empty if nothing did."""
    words = editor_words()
    try:
        done = subprocess.run([*words, path], check=False)
    except OSError as error:
        return f"{quote(words[0])}: {error.strerror} (set $EDITOR)"
    return f"{quote(words[0])} ended with {done.returncode}" if done.returncode else ""
