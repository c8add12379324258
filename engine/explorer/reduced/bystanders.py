"""Bystanders: actors that a slice can do without, once the course is known.

What a bystander does to the lines of the slice is what hardware may do to them as well, at any
time and in no more steps: where it loads, a fill; where it cleans and invalidates, or KVM for it,
an eviction. It stores on none of them, nobody learns anything of it, and those who take part read
nothing that it changes. So a run without its steps is a run; and any run with them is, but for
these fills and evictions, one without, no longer, and with the same findings of the slice's words.

The mmu_lock may be left out of that: to hold it does nothing but make others wait, unless somebody
goes on and does something else where another holds it.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.explorer.learning.fields import VM_FIELDS, Fields
from engine.explorer.learning.moves import Mover, Moves
from engine.explorer.reduced.independence import Independence
from engine.explorer.reduced.information_flow import InformationFlow
from engine.machine.actors import VMM
from engine.machine.state import Machine


def taking_part(
    machine: Machine,
    moves: Moves,
    words: Collection[int],
    lines: Collection[int],
    flow: InformationFlow,
    independence: Independence,
) -> tuple[Mover, ...]:
    """Return those who take part in a slice of words that keeps some lines.

    `flow` and `independence` are what the search of the course came to know.
    """
    hardware = machine.setup.hardware
    if not (hardware.fills and hardware.evictions):
        return moves.actors
    line_of = machine.setup.layout.line_of
    movers = {moves.actor(mover): mover for mover in moves.actors}
    bits = 0
    for actor, mover in movers.items():
        if (
            machine.stack(actor)
            or flow.signals(actor)
            or not flow.loaded(actor).isdisjoint(words)
            or any(line_of[word] in lines for word in flow.stored_by(actor))
            or not flow.handled(actor).isdisjoint(lines)
        ):
            bits |= 1 << mover
    fields = moves.fields
    without = {_vm_field(fields, "mmu_lock")}
    if any(flow.lock_holders_passed(actor) - {0, actor + 2} for actor in movers):
        without.clear()
    # Guests read whether the VM has run in order to note that it has, and for nothing else.
    noted = {_vm_field(fields, "has_run"): 1 << movers[VMM] if VMM in movers else 0}
    bits = independence.closure(bits, without, noted)
    return tuple(mover for mover in moves.actors if bits >> mover & 1)


def _vm_field(fields: Fields, name: str) -> int:
    return fields.vm + VM_FIELDS.index(name)
