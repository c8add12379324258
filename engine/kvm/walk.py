"""KVM's walks over stage 2 with the mmu_lock held: one line cleaned and invalidated a step."""

from __future__ import annotations

from engine.machine.access import clean_invalidate
from engine.machine.actors import Actor
from engine.machine.effects import (
    FlushBegun,
    FlushEnded,
    LineFlushed,
    Outcome,
    PageMapped,
    ReturnedToGuest,
    Stage2Unmapped,
)
from engine.machine.state import Fault, Machine, Vm, Walk, WalkPurpose


def lock_is_free(machine: Machine) -> bool:
    """Say whether the VM's `kvm->mmu_lock` can be taken for writing."""
    return machine.vm.mmu_lock == 0


def begin_flush(machine: Machine, actor: Actor) -> Outcome:
    """Begin `stage2_flush_vm()`: take the mmu_lock, list the lines of the mapped pages.

    With FWB guest accesses are Write-Back whatever the guest says, and nothing is flushed: the
    walk, `stage2_flush_walker()`, does nothing there (Arm ARM D8.6.6).
    """
    return _begin(machine, actor, WalkPurpose.FLUSH_VM, _mapped_lines(machine))


def begin_unmap(machine: Machine, actor: Actor) -> Outcome:
    """Begin `stage2_unmap_vm()`, which cleans and invalidates what it unmaps."""
    return _begin(machine, actor, WalkPurpose.UNMAP_VM, _mapped_lines(machine))


def begin_map(machine: Machine, actor: Actor, page: int) -> Outcome:
    """Begin to map a page: its lines are cleaned and invalidated first, without FWB.

    As `user_mem_abort()`: what the host left in the caches must be in RAM before a guest with its
    caches off can read there.
    """
    lines = () if machine.setup.hardware.fwb else machine.setup.layout.pages[page]
    return _begin(machine, actor, WalkPurpose.MAP_PAGE, lines)


def advance(machine: Machine, actor: Actor, walk: Walk) -> Outcome:
    """Clean and invalidate the walk's next line, or end the walk and release the mmu_lock."""
    stack = machine.stack(actor)[:-1]
    if not walk.remaining:
        return _end(machine.with_stack(actor, stack), actor, walk)
    line, rest = walk.remaining[0], walk.remaining[1:]
    # `dcache_clean_inval_poc()`, a line at a time: others may move between two.
    flushed, effects = clean_invalidate(machine.lines[line], line)
    after = machine.with_line(line, flushed).with_stack(
        actor, (*stack, Walk(walk.purpose, rest, walk.walked + 1))
    )
    return after, (LineFlushed(actor, walk.purpose, line), *effects)


def _mapped_lines(machine: Machine) -> tuple[int, ...]:
    if machine.setup.hardware.fwb:
        return ()
    pages = machine.setup.layout.pages
    return tuple(
        line for page, mapped in enumerate(machine.vm.mapped) if mapped for line in pages[page]
    )


def _begin(machine: Machine, actor: Actor, purpose: WalkPurpose, lines: tuple[int, ...]) -> Outcome:
    locked = machine.with_vm(machine.vm.with_(mmu_lock=actor + 2))
    after = locked.with_stack(actor, (*machine.stack(actor), Walk(purpose, lines)))
    return after, (FlushBegun(actor, purpose, len(lines)),)


def _end(machine: Machine, actor: Actor, walk: Walk) -> Outcome:
    vm = machine.vm.with_(mmu_lock=0)
    ended = FlushEnded(actor, walk.purpose, walk.walked)
    match walk.purpose:
        case WalkPurpose.FLUSH_VM:
            return machine.with_vm(vm), (ended,)
        case WalkPurpose.UNMAP_VM:
            unmapped: Vm = vm.with_(mapped=tuple(False for _ in vm.mapped))
            return machine.with_vm(unmapped), (ended, Stage2Unmapped())
        case WalkPurpose.MAP_PAGE:
            *outer, fault = machine.stack(actor)
            assert isinstance(fault, Fault)
            mapped = tuple(on or page == fault.page for page, on in enumerate(vm.mapped))
            after = machine.with_vm(vm.with_(mapped=mapped)).with_stack(actor, tuple(outer))
            return after, (ended, PageMapped(fault.page), ReturnedToGuest(actor))
