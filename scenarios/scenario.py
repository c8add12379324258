"""A scenario as the engine's values: everything a run starts from but the policy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import attrs

from engine.arm.program import Program
from engine.findings import Kind
from engine.machine.setup import Hardware, Setup, Stage1
from engine.machine.state import Machine, VCpu, Vm, Vmm
from engine.memory.layout import Layout
from engine.memory.line import Line
from engine.policy.policy import Policy
from scenarios.schedule_entries import ScheduleEntry

Blame: TypeAlias = Literal["policy", "guest", "vmm", "nobody"]


@attrs.frozen
class Note:
    """A remark at the first step of a schedule entry, counted from 1."""

    entry: int
    text: str


@attrs.frozen
class Expectation:
    """What can happen under a policy over all interleavings; no kinds: it is safe."""

    policy: str
    kinds: tuple[Kind, ...]

    @property
    def safe(self) -> bool:
        """Say whether nothing can go wrong."""
        return not self.kinds

    def met(self, found: Iterable[Kind], *, complete: bool) -> bool | None:
        """Say whether it is met, None where that is not known.

        `complete` says that every interleaving was gone through: before that, what is not
        expected may be found, but nothing is known to be missing.
        """
        kinds = frozenset(found)
        if not kinds <= frozenset(self.kinds):
            return False
        return kinds == frozenset(self.kinds) if complete else None


@attrs.frozen
class Scenario:
    """A guest, its host and its VMM at their start, and the schedule that tells their story."""

    name: str
    title: str
    teaches: str
    blame: Blame
    """Who is to blame if it breaks."""
    digest: str
    """SHA-256 of the file, in hexadecimal."""
    text: str = attrs.field(repr=False, eq=False)
    """What the file holds."""
    hardware: Hardware
    layout: Layout
    programs: tuple[Program, ...]
    """Per vCPU; lines count from 1 within the program's text."""
    vmm_program: Program | None
    lines: tuple[Line, ...]
    vcpus: tuple[VCpu, ...]
    vmm: Vmm
    vm: Vm
    schedule: tuple[ScheduleEntry, ...]
    notes: tuple[Note, ...]
    expect: tuple[Expectation, ...]
    stage1: Stage1 = attrs.field(factory=Stage1)
    """What the guest's own mapping makes of its pages."""

    def machine(self, policy: Policy) -> Machine:
        """Return the machine at step 0 with `policy` in its KVM."""
        fields = policy.initial_fields
        return Machine(
            setup=Setup(
                self.hardware, self.layout, self.programs, self.vmm_program, policy, self.stage1
            ),
            lines=self.lines,
            vcpus=tuple(attrs.evolve(vcpu, fields=fields) for vcpu in self.vcpus),
            vmm=self.vmm,
            vm=attrs.evolve(self.vm, statics=policy.initial_statics),
        )

    def expectation(self, policy: str) -> Expectation | None:
        """Return what the file expects of a policy, None where it says nothing."""
        return next((expected for expected in self.expect if expected.policy == policy), None)
