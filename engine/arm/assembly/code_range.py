"""Code addresses: where the instructions of a program stand, for branches by registers.

Instructions are not fetched from guest RAM, so that a program's code needs no words. Its addresses
are the model's own choice: a range for each program, four bytes an instruction.
"""

from __future__ import annotations

from typing import Final

import attrs

INSTRUCTION_BYTES: Final = 4
RANGE_BYTES: Final = 1 << 20
"""What a program has for itself, more than any may be long."""


@attrs.frozen
class CodeRange:
    """Where a program's instructions stand."""

    base: int = 2 * RANGE_BYTES
    length: int = 0
    """How many instructions there are."""

    def address(self, index: int) -> int:
        """Return the address of an instruction; the one after the last is the program's end."""
        return self.base + INSTRUCTION_BYTES * index

    def index(self, address: int) -> int:
        """Return the instruction at an address, that of the program's end where there is none."""
        offset = address - self.base
        if offset < 0 or offset % INSTRUCTION_BYTES:
            return self.length
        return min(offset // INSTRUCTION_BYTES, self.length)


def code_base(program: int) -> int:
    """Return the address of a vCPU's first instruction, of the VMM's for -1."""
    return (2 + program) * RANGE_BYTES
