"""Loads, stores and maintenance by VA, as their memory type and the hardware make them."""

from __future__ import annotations

from engine.arm.a64.maintenance import CleanOperation
from engine.arm.memory_type import MemoryType, memory_type, translates
from engine.machine.actors import VMM, Actor
from engine.machine.effects import (
    AccessFailure,
    Copy,
    Effect,
    Filled,
    Invalidated,
    Loaded,
    Stored,
    WrittenBack,
)
from engine.machine.setup import NonCacheable
from engine.machine.state import Machine
from engine.memory.layout import Layout
from engine.memory.line import Line, Version


def access_type(
    machine: Machine, actor: Actor, word: int | None = None, alias: int | None = None
) -> MemoryType:
    """Return the memory type that an actor's access of a word has, at its own address or an alias.

    Without a word it is that of an access to a page that stage 1 maps Write-Back. The VMM's
    mapping is Write-Back always.
    """
    if actor == VMM:
        return MemoryType.WRITE_BACK
    vcpu = machine.vcpus[actor]
    sctlr, hcr = vcpu.registers.sctlr_el1, vcpu.hcr_el2
    if word is None:
        return memory_type(sctlr, hcr)
    layout = machine.setup.layout
    page = layout.page_of[layout.line_of[word]]
    return memory_type(sctlr, hcr, machine.setup.stage1.attribute(actor, page, alias))


def translated(machine: Machine, vcpu: int, address: int) -> tuple[int, int | None]:
    """Return the address of guest RAM that a vCPU's address stands for, and by which alias."""
    setup = machine.setup
    if not setup.stage1.aliases:
        return address, None
    state = machine.vcpus[vcpu]
    if not translates(state.registers.sctlr_el1, state.hcr_el2):
        return address, None
    size = setup.layout.page_bytes
    for number, alias in enumerate(setup.stage1.aliases):
        if alias.address <= address < alias.address + size:
            return setup.layout.page_address(alias.page) + address - alias.address, number
    return address, None


def seen(machine: Machine, actor: Actor, word: int, alias: int | None = None) -> Version:
    """Return what a load of `word` by an actor would return now.

    A vCPU's access to a page that stage 2 does not map first faults, and KVM cleans and
    invalidates the line before it maps the page.
    """
    layout = machine.setup.layout
    index, slot = layout.line_of[word], layout.slot_of[word]
    line = machine.lines[index]
    if _is_flushed_first(machine, actor, index):
        line = line.clean().invalidate()
    source = _looked_at(machine, line, slot, access_type(machine, actor, word, alias))
    return _readable(line, source)[slot]


def looked_at(machine: Machine, actor: Actor, word: int, alias: int | None = None) -> Copy:
    """Return which copy has what a load of `word` by an actor would return now; see `seen`."""
    layout = machine.setup.layout
    index, slot = layout.line_of[word], layout.slot_of[word]
    line = machine.lines[index]
    if _is_flushed_first(machine, actor, index):
        return Copy.RAM if line.clean().ram[slot] == line.ram[slot] else Copy.CACHE
    return _looked_at(machine, line, slot, access_type(machine, actor, word, alias))


def load(
    machine: Machine, actor: Actor, word: int, alias: int | None = None, *, hits: bool = False
) -> tuple[Machine, Version, tuple[Effect, ...]]:
    """Load a word: from the cached copy or RAM, filling the line if the access is cacheable.

    An access that is not cacheable may bypass a cached copy of its location (Arm ARM B2.11).
    """
    layout = machine.setup.layout
    index, slot = layout.line_of[word], layout.slot_of[word]
    line = machine.lines[index]
    kind = access_type(machine, actor, word, alias)
    source = Copy.CACHE if hits else _source(machine, line, kind)
    version = _readable(line, source)[slot]
    loaded = Loaded(actor, word, version, kind, source, alias)
    if not kind.cacheable:
        return machine, version, (loaded,)
    pcpu = machine.pcpu(actor)
    after = machine.with_line(index, line.fill(pcpu))
    if line.cached is None:
        return after, version, (Filled(index, pcpu, speculative=False), loaded)
    return after, version, (loaded,)


def store(
    machine: Machine, actor: Actor, word: int, value: int, alias: int | None = None
) -> tuple[Machine, tuple[Effect, ...]]:
    """Store a word: into the cache if the access is cacheable, else around it into RAM.

    One that is not cacheable may leave a cached copy of its location as it was (Arm ARM B2.11).
    """
    layout = machine.setup.layout
    index, slot = layout.line_of[word], layout.slot_of[word]
    line = machine.lines[index]
    kind = access_type(machine, actor, word, alias)
    pcpu = machine.pcpu(actor)
    version = Version(line.newest[slot] + 1, value)
    # Nobody's mark on the line outlives another's store (Arm ARM B2.12).
    monitors = 0 if actor == VMM else line.monitors & 1 << actor
    if not kind.cacheable:
        snoops = machine.setup.hardware.noncacheable is NonCacheable.SNOOPS
        around = line.store_around(slot, value, snoops=snoops).with_(monitors=monitors)
        after = machine.with_line(index, around)
        return after, (Stored(actor, word, version, kind, Copy.RAM, alias),)
    cached = line.store_cached(slot, value, pcpu).with_(monitors=monitors)
    after = machine.with_line(index, cached)
    stored = Stored(actor, word, version, kind, Copy.CACHE, alias)
    if line.cached is None:
        return after, (Filled(index, pcpu, speculative=False), stored)
    return after, (stored,)


def zero(
    machine: Machine, actor: Actor, line: int, alias: int | None = None
) -> tuple[Machine, tuple[Effect, ...]]:
    """Store 0 to every word of a line, as `dc zva` does, in one step (a choice)."""
    effects: tuple[Effect, ...] = ()
    for word in machine.setup.layout.lines[line]:
        machine, stored = store(machine, actor, word, 0, alias)
        effects += stored
    return machine, effects


def touched(
    layout: Layout, address: int, size: int, *, whole: bool
) -> tuple[int, int] | AccessFailure:
    """Return the word that an access touches, and from which of its bits on, or why it cannot.

    A store has to be of a whole word: what it left of another would be as old as it was.
    """
    word = layout.word_at(address)
    if word is None:
        return AccessFailure.NO_RAM
    offset = address - layout.words[word].address
    room = layout.words[word].size - offset
    if size > room or (whole and size < layout.words[word].size):
        return AccessFailure.PART
    return word, 8 * offset


def part_of(version: Version, bit: int, size: int) -> int:
    """Return so many bytes of a word's value, from a bit on."""
    return version.value >> bit & (1 << 8 * size) - 1


def maintain(line: Line, index: int, operation: CleanOperation) -> tuple[Line, tuple[Effect, ...]]:
    """Return a line after DC by VA to the PoC, which reaches every pCPU's copy (D7.5.9.5)."""
    match operation:
        case CleanOperation.CIVAC:
            return clean_invalidate(line, index)
        case CleanOperation.CVAC:
            return line.clean(), ((WrittenBack(index),) if line.dirty else ())
        case CleanOperation.IVAC:
            return line.invalidate(), ((Invalidated(index),) if line.cached is not None else ())


def clean_invalidate(line: Line, index: int) -> tuple[Line, tuple[Effect, ...]]:
    """Return a line after DC CIVAC to the PoC, with what that did to it (Arm ARM D7.5.9.5)."""
    effects: list[Effect] = []
    if line.dirty:
        effects.append(WrittenBack(index))
    if line.cached is not None:
        effects.append(Invalidated(index))
    return line.clean().invalidate(), tuple(effects)


def _is_flushed_first(machine: Machine, actor: Actor, line: int) -> bool:
    """Say whether an actor's access to a line faults, and KVM flushes it to map the page."""
    page = machine.setup.layout.page_of[line]
    return actor != VMM and not machine.vm.mapped[page] and not machine.setup.hardware.fwb


def _looked_at(machine: Machine, line: Line, slot: int, kind: MemoryType) -> Copy:
    """Return which copy a load may look at now: of two that it may, the one that is older."""
    may_hit = machine.setup.hardware.noncacheable is NonCacheable.MAY_HIT
    if may_hit and kind is MemoryType.NON_CACHEABLE and line.cached is not None:
        return Copy.CACHE if line.cached[slot].number < line.ram[slot].number else Copy.RAM
    return _source(machine, line, kind)


def _source(machine: Machine, line: Line, kind: MemoryType) -> Copy:
    snoops = machine.setup.hardware.noncacheable is NonCacheable.SNOOPS
    return Copy.CACHE if line.cached is not None and (kind.cacheable or snoops) else Copy.RAM


def _readable(line: Line, source: Copy) -> tuple[Version, ...]:
    if source is Copy.CACHE:
        assert line.cached is not None
        return line.cached
    return line.ram
