"""What the screen remembers between runs; what cannot be read or written is only forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Final

import attrs

from scenarios.errors import ScenarioError
from scenarios.file.structuring import structure
from tui.commands.prompt import LONGEST
from tui.files.configuration import FASTEST, SLOWEST
from tui.files.writing import make_private, write_whole

MOST_LINES: Final = 1_000
_MOST_BYTES: Final = 1 << 16
_MOST_BYTES_OF_HISTORY: Final = MOST_LINES * (4 * LONGEST + 1)
"""UTF-8 has at most four bytes a character."""


@attrs.frozen
class Remembered:
    """How the user left the screen; what it names need not exist any more."""

    theme: str | None = None
    speed: float | None = None
    """In steps a second, `SLOWEST` to `FASTEST`."""
    hidden: tuple[str, ...] = ()
    """The panels' names."""
    shown: Mapping[str, str] = attrs.field(factory=dict)
    """The panel that is in front, by deck and size, such as `low/only`."""


def recall(path: Path | None) -> Remembered:
    """Return what a file remembers, or nothing special where it is not such a file."""
    with suppress(ScenarioError, ValueError, RecursionError):
        document = json.loads(_content(path, _MOST_BYTES).decode())
        if isinstance(document, dict):
            remembered = structure(document, Remembered, str(path))
            if remembered.speed is None or SLOWEST <= remembered.speed <= FASTEST:
                return remembered
    return Remembered()


def remember(path: Path | None, remembered: Remembered) -> None:
    """Write what is to be remembered, if that can be written."""
    _keep(path, f"{json.dumps(attrs.asdict(remembered), indent=1)}\n")


def recall_history(path: Path | None) -> tuple[str, ...]:
    """Return the lines that were typed at the prompt, the newest last."""
    text = _content(path, _MOST_BYTES_OF_HISTORY).decode(errors="surrogateescape")
    return _worth_keeping(text.split("\n"))


def remember_history(path: Path | None, lines: Iterable[str]) -> None:
    """Write the newest of the lines that were typed, if they can be written."""
    _keep(path, "".join(f"{line}\n" for line in _worth_keeping(lines)))


def _worth_keeping(lines: Iterable[str]) -> tuple[str, ...]:
    # What is not printable could steer the terminal, and no prompt takes what is longer.
    fine = (line for line in lines if line.strip() and line.isprintable() and len(line) <= LONGEST)
    return tuple(line for line, _ in groupby(fine))[-MOST_LINES:]


def _content(path: Path | None, most: int) -> bytes:
    """Return a file's bytes, none if it is no file or has more than `most`."""
    with suppress(OSError):
        # A pipe would keep the screen waiting.
        if path is not None and path.is_file():
            with path.open("rb") as file:
                content = file.read(most + 1)
            return content if len(content) <= most else b""
    return b""


def _keep(path: Path | None, text: str) -> None:
    with suppress(OSError):
        if path is not None and (path.is_file() or not path.exists()):
            make_private(path.parent)
            write_whole(str(path), text.encode())
