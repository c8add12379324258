"""What an instruction that loads or stores a word does: to memory, then to its core."""

from __future__ import annotations

from typing import TypeAlias

from engine.arm.a64.exclusives import AtomicAccess, AtomicUpdate, CompareAndSwap
from engine.arm.a64.memory import Load, Store, address_of
from engine.arm.core import MASK32, SP, Core
from engine.machine.access import load, part_of, store, touched
from engine.machine.actors import Actor
from engine.machine.effects import AccessFailure, Effect
from engine.machine.state import Machine
from engine.memory.layout import Layout

WordAccess: TypeAlias = Load | Store | AtomicAccess
"""What loads or stores a word, or both in one."""

Performed: TypeAlias = tuple[Machine, Core, tuple[Effect, ...]]
"""The machine, the actor's core yet to be put into it, and what that established."""

_STACK_ALIGNMENT = 16


def word_address(instruction: WordAccess, core: Core) -> int:
    """Return the address that an instruction accesses."""
    match instruction:
        case Load() | Store():
            return address_of(instruction, core)
        case AtomicUpdate() | CompareAndSwap():
            return core.read(instruction.base)


def misaligned_stack(base: int, core: Core) -> bool:
    """Say whether an address is taken from a stack pointer that is no multiple of 16."""
    return base == SP and core.sp % _STACK_ALIGNMENT != 0


def word_of(
    layout: Layout, instruction: WordAccess, address: int
) -> tuple[int, int] | AccessFailure:
    """Return the word that an instruction accesses and from which bit on, or why it cannot."""
    whole = not isinstance(instruction, Load)
    return touched(layout, address, instruction.size, whole=whole)


def perform(
    machine: Machine,
    actor: Actor,
    core: Core,
    instruction: WordAccess,
    word: int,
    bit: int,
    alias: int | None = None,
    *,
    hits: bool = False,
) -> Performed:
    """Load or store a word from a bit on; a read-modify-write is one step, single-copy atomic."""
    match instruction:
        case Load(size=size):
            machine, version, effects = load(machine, actor, word, alias, hits=hits)
            return machine, instruction.loaded(core, part_of(version, bit, size)), effects
        case Store():
            machine, effects = store(machine, actor, word, instruction.value(core), alias)
            return machine, instruction.stored(core), effects
        case AtomicUpdate(target=target):
            machine, version, effects = load(machine, actor, word, alias)
            machine, stored = store(
                machine, actor, word, instruction.made(version.value, core), alias
            )
            return machine, core.write(target, version.value).step(), (*effects, *stored)
        case CompareAndSwap(expected, source, size=size):
            wide = size > MASK32.bit_length() // 8
            machine, version, effects = load(machine, actor, word, alias)
            if version.value == core.read(expected, wide):
                machine, stored = store(machine, actor, word, core.read(source, wide), alias)
                effects = (*effects, *stored)
            return machine, core.write(expected, version.value).step(), effects
