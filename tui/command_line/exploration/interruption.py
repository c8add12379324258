"""Ctrl-C while something long is computed: the first asks it to end, the second ends it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import attrs


@attrs.define
class Interruption:
    """Whether the user has pressed Ctrl-C."""

    asked: bool = False


@contextmanager
def interruptible(also: Callable[[], None] | None = None) -> Iterator[Interruption]:
    """Note the first Ctrl-C, and tell `also`, instead of ending at once.

    What the shell made us ignore stays ignored. Only the main thread may call it.
    """
    interruption = Interruption()
    before = signal.getsignal(signal.SIGINT)

    def note(_: int, __: FrameType | None) -> None:
        interruption.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if also is not None:
            also()

    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, note)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)
