"""The panel of vCPUs: where each is, its registers, and what its next access will be."""

from __future__ import annotations

from typing import Final

from engine.arm.registers import Hcr
from engine.machine.access import access_type
from engine.machine.setup import Setup
from engine.machine.state import VMM, Actor, Power, VCpu, actor_name
from engine.timeline import Timeline
from tui.presenters.difference import Moment, with_changes
from tui.presenters.rows import Cell, Row, Rows, Table, Tone, cell, fitted
from tui.presenters.whereabouts import whereabouts
from tui.presenters.words import access, cache_bits, flag

NAME: Final = 6
SCTLR: Final = 11
BITS: Final = 6
TVM: Final = 4
WIDEST_PLACE: Final = 34
ROOMY: Final = 100
"""From this width on there is room for whole names."""


def actors(setup: Setup) -> tuple[Actor, ...]:
    """Return who can move: the vCPUs, then the VMM if it has a program."""
    vcpus = tuple(range(len(setup.programs)))
    return vcpus if setup.vmm is None else (*vcpus, VMM)


def actor_table(timeline: Timeline, width: int) -> Table:
    """Return a row for each vCPU and for a VMM that has a program."""
    setup = timeline.initial.setup
    columns = _columns(timeline, width)
    header = "".join(
        [
            fitted(" vCPU", NAME),
            *(" " + fitted(title, size - 1) for title, size in columns),
        ]
    )

    def show(moment: Moment) -> Rows:
        return tuple(_row(moment, actor, [size for _, size in columns]) for actor in actors(setup))

    return Table(header, with_changes(timeline, show))


def _columns(timeline: Timeline, width: int) -> list[tuple[str, int]]:
    hcr = 1 + max(len(f"{vcpu.hcr_el2:#x}") for vcpu in timeline.initial.vcpus)
    roomy = width >= ROOMY
    kind = 20 if roomy else 14
    pcpu = 8 if roomy else 0
    where = width - NAME - SCTLR - BITS - hcr - TVM - kind - pcpu
    return [
        ("is in", min(max(where, 8), WIDEST_PLACE)),
        *([("runs on", pcpu)] if pcpu else []),
        ("SCTLR_EL1", SCTLR),
        ("M C I", BITS),
        ("HCR_EL2", hcr),
        ("TVM", TVM),
        ("next access", kind),
    ]


def _row(moment: Moment, actor: Actor, sizes: list[int]) -> Row:
    machine = moment.machine
    place, *others = sizes
    off = actor != VMM and machine.vcpus[actor].power is Power.OFF
    kind = access_type(machine, actor)
    where = whereabouts(machine, actor)
    in_kvm = bool(machine.stack(actor))
    texts: list[tuple[str, Tone]] = []
    if len(others) == 6:
        texts.append((f"pcpu{machine.pcpu(actor)}", Tone.PLAIN))
        texts.extend(_registers(None if actor == VMM else machine.vcpus[actor]))
        texts.append((kind.value, Tone.PLAIN))
    else:
        texts.extend(_registers(None if actor == VMM else machine.vcpus[actor]))
        texts.append((access(kind), Tone.PLAIN))
    where_tone = Tone.FAINT if off else Tone.KVM if in_kvm else Tone.GUEST
    return Row(
        (
            Cell(fitted(f" {actor_name(actor)}", NAME), Tone.FAINT if off else Tone.STRONG),
            cell(where, place, where_tone),
            *(
                cell(text, size, Tone.FAINT if off else tone)
                for (text, tone), size in zip(texts, others, strict=True)
            ),
        )
    )


def _registers(vcpu: VCpu | None) -> list[tuple[str, Tone]]:
    if vcpu is None:
        return [("-", Tone.FAINT)] * 4
    sctlr = vcpu.registers.sctlr_el1
    return [
        (f"{sctlr:#010x}", Tone.PLAIN),
        (cache_bits(sctlr), Tone.PLAIN),
        (f"{vcpu.hcr_el2:#x}", Tone.PLAIN),
        (flag(Hcr.TVM, vcpu.hcr_el2), Tone.PLAIN),
    ]
