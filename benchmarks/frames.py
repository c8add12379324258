"""What a process writes to a terminal, as frames and as the text that stands on the screen."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final

import attrs

BEGIN: Final = b"\x1b[?2026h"
END: Final = b"\x1b[?2026l"
"""Around a synchronised update, which a terminal shows as a whole, when it ends."""

PAUSE: Final = 0.005
"""Seconds without output that end a frame outside of a synchronised update."""

_SEQUENCE: Final = re.compile(
    r"\x1b\[(?P<place>\d*;\d*)H"
    r"|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]P].*?(?:\x07|\x1b\\)"
    r"|(?P<control>[\x00-\x1f])"
    r"|(?P<text>[^\x00-\x1f]+)",
    re.DOTALL,
)
"""A place for the cursor, what leaves no trace, a control character, or text."""


@attrs.frozen
class Chunk:
    """Some output, and when it was read, in seconds of `time.perf_counter()`."""

    at: float
    output: bytes


@attrs.frozen
class Frame:
    """Output that is shown at once, and when the last of it was read."""

    at: float
    output: bytes


def is_whole(output: bytes) -> bool:
    """Say whether output does not stop within a synchronised update."""
    return output.rfind(END) >= output.rfind(BEGIN)


def frames(chunks: Sequence[Chunk]) -> Iterator[Frame]:
    """Yield the frames in order; the chunks are those of output that `is_whole`.

    Where one ends is not where a chunk ends: a frame may take many reads, a read many frames.
    """
    output = b"".join(chunk.output for chunk in chunks)
    ends = tuple(accumulate(len(chunk.output) for chunk in chunks))
    pauses = [end for end, pause in zip(ends, _pauses(chunks), strict=False) if pause > PAUSE]
    start = 0
    while start < len(output):
        if output.startswith(BEGIN, start):
            stop = output.index(END, start) + len(END)
        else:
            begin = output.find(BEGIN, start)
            stops = (len(output) if begin < 0 else begin, *pauses)
            stop = min(stop for stop in stops if stop > start)
        yield Frame(chunks[bisect_left(ends, stop)].at, output[start:stop])
        start = stop


def _pauses(chunks: Sequence[Chunk]) -> Iterator[float]:
    """Yield the seconds between each chunk and the next."""
    return (after.at - before.at for before, after in pairwise(chunks))


class Screen:
    """The characters on a terminal's screen, each of them taken to be one column wide.

    It follows the cursor as far as Textual moves it; colours and modes leave no trace.
    """

    def __init__(self, width: int, height: int) -> None:
        self._width = width
        self._height = height
        self._rows = [" " * width] * height
        self._x = self._y = 0

    @property
    def text(self) -> str:
        """The rows, from top to bottom."""
        return "\n".join(self._rows)

    def show(self, frame: Frame) -> None:
        """Write a frame onto the screen."""
        for found in _SEQUENCE.finditer(frame.output.decode(errors="replace")):
            if found["text"] is not None:
                self._write(found["text"])
            elif found["place"] is not None:
                row, column = (max(int(number or 1), 1) for number in found["place"].split(";"))
                self._x, self._y = column - 1, row - 1
            elif found["control"] == "\r":
                self._x = 0
            elif found["control"] == "\n":
                self._y += 1

    def _write(self, text: str) -> None:
        if self._y < self._height:
            row = self._rows[self._y]
            after = row[: self._x] + text + row[self._x + len(text) :]
            self._rows[self._y] = after[: self._width]
        self._x += len(text)
