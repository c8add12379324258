"""The general-purpose part of a processing element: registers, flags and program counter."""

from __future__ import annotations

from typing import Final

import attrs

from engine.arm.registers import MASK

REGISTERS: Final = 31
ZERO: Final = 31
"""The register number that reads as 0 and drops writes: xzr and wzr (Arm ARM C1.2.5)."""

SP: Final = 32
"""The number by which the model knows the stack pointer, which shares 31 with the zero register."""

LINK: Final = 30
"""The register that a call leaves the address to return to in (Arm ARM C6.2, BL)."""

MASK32: Final = (1 << 32) - 1

N: Final = 0b1000
Z: Final = 0b0100
C: Final = 0b0010
V: Final = 0b0001


@attrs.frozen
class Core:
    """x0 to x30 and sp as unsigned 64-bit values, the flags N Z C V as four bits, and the pc.

    The pc is the index of the next instruction in the program, not an address.
    """

    x: tuple[int, ...]
    nzcv: int
    pc: int
    sp: int = 0

    @classmethod
    def reset(cls, pc: int = 0) -> Core:
        """Return a core about to run the instruction at `pc`, all else 0."""
        return cls((0,) * REGISTERS, 0, pc)

    def read(self, register: int, wide: bool = True) -> int:
        """Return the x register or sp, or its low 32 bits (the w register) unless `wide`."""
        if register == ZERO:
            return 0
        value = self.sp if register == SP else self.x[register]
        return value & (MASK if wide else MASK32)

    def write(self, register: int, value: int, wide: bool = True) -> Core:
        """Return the core with a register replaced.

        The value is cut to the register's width; a write of a w register clears the upper half
        (Arm ARM C1.2.5).
        """
        if register == ZERO:
            return self
        cut = value & (MASK if wide else MASK32)
        if register == SP:
            return attrs.evolve(self, sp=cut)
        return attrs.evolve(self, x=(*self.x[:register], cut, *self.x[register + 1 :]))

    def step(self) -> Core:
        """Return the core at the next instruction."""
        return self.jump(self.pc + 1)

    def jump(self, pc: int) -> Core:
        """Return the core at another instruction."""
        return Core(self.x, self.nzcv, pc, self.sp)
