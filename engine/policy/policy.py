"""A compiled policy: its operations, the state it keeps and what it asks of the hardware."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from engine.policy.c_types import CType
from engine.policy.coverage import EVERYTHING, Coverage
from engine.policy.frame import CFrame
from engine.policy.operations import Operation
from engine.policy.source import Place, SourceFile


@attrs.frozen
class Variable:
    """One slot of state: a local, a static, or a field the policy invented, zero unless said."""

    name: str
    """As the source spells it, such as `kvm->arch.flushed` or `seen[2]`."""
    type: CType
    initial: int = 0


@attrs.frozen
class Function:
    """A function of the source, lowered to operations; no jump leads to the first."""

    name: str
    place: Place
    """Its whole definition."""
    parameters: int
    """How many of the variables are parameters."""
    variables: tuple[Variable, ...]
    """Per slot of a frame; temporaries have names that begin with a dot."""
    result: CType
    operations: tuple[Operation, ...]
    reaches_flush: tuple[bool, ...]
    """Per operation: a stage2_flush_vm may still come, here or in a callee, at or after it."""
    may_spin: tuple[bool, ...]
    """Per operation: it is the head of a loop, or what follows the release of a lock in one."""


@attrs.frozen
class AsksFwb:
    """The policy asks whether the CPUs have FEAT_S2FWB."""


@attrs.frozen
class AsksImplementor:
    """The policy compares MIDR_EL1.Implementer with a value."""

    name: str
    value: int


HardwareQuestion: TypeAlias = AsksFwb | AsksImplementor
"""What a policy asks the hardware."""


@attrs.frozen
class Options:
    """What the user said about how to read a policy."""

    configs: tuple[tuple[str, int], ...] = ()
    """CONFIG_ names and values, 1 for y; a name that is missing is off."""
    assume_no_effect: tuple[str, ...] = ()
    """Functions the user vouches for."""


@attrs.frozen(cache_hash=True)
class Policy:
    """What KVM runs when a guest's caches are toggled; equal when read from the same text."""

    name: str
    sources: tuple[SourceFile, ...]
    """The user's own first, then what stands in for functions they lack."""
    options: Options = Options()
    functions: tuple[Function, ...] = attrs.field(default=(), eq=False)
    toggle: int | None = attrs.field(default=None, eq=False)
    """kvm_toggle_cache."""
    set_way: int | None = attrs.field(default=None, eq=False)
    """kvm_set_way_flush."""
    trap_handler: int | None = attrs.field(default=None, eq=False)
    """What handles a trapped write of SCTLR_EL1, where the source replaces KVM's own.

    access_sctlr if it is there, else access_vm_reg.
    """
    other_trap_handler: int | None = attrs.field(default=None, eq=False)
    """access_vm_reg, which handles the other registers that HCR_EL2.TVM traps."""
    statics: tuple[Variable, ...] = attrs.field(default=(), eq=False)
    """Per slot of `Vm.statics`: statics, globals and fields of `kvm->arch`."""
    fields: tuple[Variable, ...] = attrs.field(default=(), eq=False)
    """Per slot of `VCpu.fields`: fields of `vcpu->arch`."""
    questions: tuple[HardwareQuestion, ...] = attrs.field(default=(), eq=False)
    assumed: tuple[str, ...] = attrs.field(default=(), eq=False)
    """The functions that were called and do nothing only because the user said so."""
    coverage: Coverage = attrs.field(default=EVERYTHING, eq=False)
    """What of the user's source a verdict on the policy speaks of."""

    @property
    def source(self) -> SourceFile:
        """The user's own source."""
        return self.sources[0]

    @property
    def initial_statics(self) -> tuple[int, ...]:
        """What `Vm.statics` holds before a VM runs."""
        return tuple(variable.initial for variable in self.statics)

    @property
    def initial_fields(self) -> tuple[int, ...]:
        """What `VCpu.fields` holds before a vCPU runs."""
        return tuple(variable.initial for variable in self.fields)

    def operation(self, frame: CFrame) -> Operation:
        """Return the operation that a frame executes next."""
        return self.functions[frame.function].operations[frame.pc]
