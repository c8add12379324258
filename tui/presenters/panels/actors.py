"""The panel of vCPUs: where each is, its registers, and what its next access will be."""

from __future__ import annotations

from typing import Final

from engine.arm.registers import Hcr
from engine.guest import next_access
from engine.machine.access import access_type
from engine.machine.actors import VMM, Actor, actor_name, actors
from engine.machine.state import Power, VCpu
from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Rows, Table, Tone, cell, fitted
from tui.presenters.panels.difference import Moment, with_changes
from tui.presenters.panels.whereabouts import whereabouts
from tui.presenters.words import CACHE_BITS, access, flag

NAME: Final = 6
SCTLR: Final = 11
BIT: Final = 2
TVM: Final = 4
WIDEST_PLACE: Final = 34
NARROWEST_PLACE: Final = 8
"""Where a vCPU is in would have fewer columns than this, HCR_EL2 is left out but for its TVM."""
ROOMY: Final = 100
"""From this width on there is room for whole names."""


def actor_table(timeline: Timeline, width: int) -> Table:
    """Return a row for each vCPU and for a VMM that has a program."""
    setup = timeline.initial.setup
    columns = _columns(timeline, width)
    titles = (f" {fitted(title, size - 1)}" for title, size in columns)
    header = fitted(" vCPU", NAME) + "".join(titles)

    def show(moment: Moment) -> Rows:
        return tuple(_row(moment, actor, columns) for actor in actors(setup))

    return Table(header, with_changes(timeline, show))


def _columns(timeline: Timeline, width: int) -> tuple[tuple[str, int], ...]:
    """Return the titles and widths of the columns after the name."""
    hcr = 1 + max(len(f"{vcpu.hcr_el2:#x}") for vcpu in timeline.initial.vcpus)
    roomy = width >= ROOMY
    kind = 20 if roomy else 14
    pcpu = (("runs on", 8),) if roomy else ()
    bits = tuple((field.name, BIT) for field in CACHE_BITS)
    left = width - NAME - kind - SCTLR - BIT * len(bits) - TVM - sum(size for _, size in pcpu)
    whole = (("HCR_EL2", hcr),) if left - hcr >= NARROWEST_PLACE else ()
    place = min(max(left - hcr if whole else left, NARROWEST_PLACE), WIDEST_PLACE)
    others = (*pcpu, ("SCTLR_EL1", SCTLR), *bits, *whole, ("TVM", TVM), ("next access", kind))
    return (("is in", place), *others)


def _row(moment: Moment, actor: Actor, columns: tuple[tuple[str, int], ...]) -> Row:
    machine = moment.machine
    off = actor != VMM and machine.vcpus[actor].power is Power.OFF
    access_to = None if actor == VMM else next_access(machine, actor)
    kind = access_type(machine, actor, *(access_to or ()))
    where_tone = Tone.FAINT if off else Tone.KVM if machine.stack(actor) else Tone.GUEST
    texts = {
        "is in": (whereabouts(machine, actor), ""),
        "runs on": (f"pcpu{machine.pcpu(actor)}", ""),
        "next access": (access(kind) if columns[-1][1] < 20 else kind.value, ""),
    }
    if actor != VMM:
        texts |= _registers(actor_name(actor), machine.vcpus[actor])
    cells = []
    for title, size in columns:
        text, asks = texts.get(title, ("-", ""))
        tone = where_tone if title == "is in" else Tone.FAINT if off or text == "-" else Tone.PLAIN
        cells.append(cell(text, size, tone, asks))
    name = Cell(fitted(f" {actor_name(actor)}", NAME), Tone.FAINT if off else Tone.STRONG)
    return Row((name, *cells))


def _registers(name: str, vcpu: VCpu) -> dict[str, tuple[str, str]]:
    """Return a vCPU's registers and bits by the titles of their columns, and how to ask why."""
    sctlr = vcpu.registers.sctlr_el1
    return {
        "SCTLR_EL1": (f"{sctlr:#010x}", f"sctlr[{name}]"),
        **{field.name: (flag(field, sctlr), f"sctlr[{name}].{field.name}") for field in CACHE_BITS},
        "HCR_EL2": (f"{vcpu.hcr_el2:#x}", f"hcr[{name}]"),
        "TVM": (flag(Hcr.TVM, vcpu.hcr_el2), f"hcr[{name}].TVM"),
    }
