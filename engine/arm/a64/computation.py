"""Computations: instructions that need nothing but the core, and what flows where in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Final, TypeAlias

from engine.arm.core import Core

FLAGS: Final = -1
MEMORY: Final = -2
COURSE: Final = -3
"""What stands beside the registers' numbers: the flags, all of memory, and the program's course."""

Flow: TypeAlias = tuple[int, int]
"""From a register, or what stands beside them, to another."""


class Computation(ABC):
    """An instruction of data processing, a branch, or one that changes nothing in the model."""

    @abstractmethod
    def compute(self, core: Core) -> Core:
        """Return the core after it: registers, flags, and the pc advanced or branched."""

    def flows(self) -> Iterator[Flow]:
        """Yield what of registers and flags influences what."""
        yield from ()
