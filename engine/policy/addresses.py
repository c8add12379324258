"""Addresses: what a pointer holds, as one number that names an object of the machine.

From the top: 0xffff as in any kernel address, 8 bits of region, 12 of owner (a vCPU's index, or
an actor's plus one), 8 of depth on that actor's stack, 20 of slot. NULL is 0.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Final

import attrs

_TOP: Final = 0xFFFF << 48
SLOTS: Final = 1 << 20


@unique
class Region(IntEnum):
    """Kinds of object; the owner is a vCPU where nothing else is said."""

    KVM = 1
    """struct kvm, and its `arch`; no owner."""
    VCPU = 2
    """struct kvm_vcpu, and its `arch`."""
    STATIC = 3
    """A slot of the policy's own state of the VM; no owner."""
    FIELD = 4
    """A slot of the policy's own state of a vCPU."""
    LOCAL = 5
    """A slot of a frame; the owner is an actor plus one."""
    MMU_LOCK = 6
    HCR = 7
    SYSTEM_REGISTER = 8
    """The slot is the index in `engine.arm.registers.SystemRegister`, plus one."""
    PC = 9
    VCPU_ID = 10
    VCPU_KVM = 11
    VCPU_CPU = 12
    ONLINE_VCPUS = 13
    EXIT = 14
    """struct sys_reg_params, and the descriptor, of the vCPU's exit."""
    EXIT_VALUE = 15
    EXIT_REGISTER = 16


@attrs.frozen
class Address:
    """An address taken apart."""

    region: Region
    owner: int
    depth: int
    slot: int


def address(region: int, *, owner: int = 0, depth: int = 0, slot: int = 0) -> int:
    """Return the number for an object."""
    return _TOP | region << 40 | owner << 28 | depth << 20 | slot


def parts(number: int) -> tuple[int, int, int, int]:
    """Return the region, owner, depth and slot that a number names; region 0 if it names none."""
    if number >> 48 != _TOP >> 48:
        return 0, 0, 0, 0
    return number >> 40 & 0xFF, number >> 28 & 0xFFF, number >> 20 & 0xFF, number & (SLOTS - 1)


def decode(number: int) -> Address | None:
    """Return the object that a number names, or None where it names none."""
    region, owner, depth, slot = parts(number)
    if not 1 <= region <= Region.EXIT_REGISTER:
        return None
    return Address(Region(region), owner, depth, slot)
