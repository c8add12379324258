"""The parts of a machine: the pieces of state that a step reads and writes each on its own.

Each line is one part; a vCPU, the VMM and the VM are as many parts as they have attributes.
Parts are known by their index: lines first, then per vCPU, the VMM's, the VM's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import attrs

from engine.machine.actors import VMM, Actor
from engine.machine.state import Machine, VCpu, Vm, Vmm

Part: TypeAlias = int
"""An index among the parts of a machine."""


def _names(owner: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    # Nothing moves an actor to another pCPU.
    return tuple(field.name for field in attrs.fields(owner) if field.name != "pcpu")


VCPU_PARTS: Final = _names(VCpu)
VMM_PARTS: Final = _names(Vmm)
VM_PARTS: Final = _names(Vm)


@attrs.frozen
class Parts:
    """How the parts of a machine with so many lines and vCPUs are numbered."""

    lines: int
    vcpus: int

    @classmethod
    def of(cls, machine: Machine) -> Parts:
        """Return the numbering of a machine's parts."""
        return cls(len(machine.lines), len(machine.vcpus))

    @property
    def count(self) -> int:
        """How many parts there are."""
        return self.vm + len(VM_PARTS)

    @property
    def vmm(self) -> Part:
        """The VMM's first part."""
        return self.vcpu(self.vcpus)

    @property
    def vm(self) -> Part:
        """The VM's first part."""
        return self.vmm + len(VMM_PARTS)

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Every actor, the VMM last."""
        return (*range(self.vcpus), VMM)

    def vcpu(self, index: int) -> Part:
        """Return a vCPU's first part."""
        return self.lines + index * len(VCPU_PARTS)

    def core(self, actor: Actor) -> Part:
        """Return the part that holds an actor's registers and pc."""
        if actor == VMM:
            return self.vmm + VMM_PARTS.index("core")
        return self.vcpu(actor) + VCPU_PARTS.index("core")

    def stack(self, actor: Actor) -> Part:
        """Return the part that holds KVM's call stack on behalf of an actor."""
        if actor == VMM:
            return self.vmm + VMM_PARTS.index("stack")
        return self.vcpu(actor) + VCPU_PARTS.index("stack")

    def fields(self, index: int) -> Part:
        """Return the part that holds what the policy keeps of a vCPU."""
        return self.vcpu(index) + VCPU_PARTS.index("fields")

    @property
    def statics(self) -> Part:
        """The part that holds what the policy keeps of the VM."""
        return self.vm + VM_PARTS.index("statics")

    def place(self, actor: Actor) -> tuple[Part, ...]:
        """Return the parts that say where in its program an actor is, and whether it is on."""
        if actor == VMM:
            return (self.core(actor),)
        return (self.core(actor), self.vcpu(actor) + VCPU_PARTS.index("power"))

    def values(self, machine: Machine) -> tuple[object, ...]:
        """Take a machine apart."""
        return (
            *machine.lines,
            *(getattr(vcpu, name) for vcpu in machine.vcpus for name in VCPU_PARTS),
            *(getattr(machine.vmm, name) for name in VMM_PARTS),
            *(getattr(machine.vm, name) for name in VM_PARTS),
        )

    def machine(self, like: Machine, values: Sequence[Any]) -> Machine:
        """Put a machine together again; `like` gives what no run changes."""
        vcpus = tuple(
            VCpu(pcpu=vcpu.pcpu, **self._attributes(VCPU_PARTS, self.vcpu(index), values))
            for index, vcpu in enumerate(like.vcpus)
        )
        vmm = Vmm(pcpu=like.vmm.pcpu, **self._attributes(VMM_PARTS, self.vmm, values))
        vm = Vm(**self._attributes(VM_PARTS, self.vm, values))
        return Machine(like.setup, tuple(values[: self.lines]), vcpus, vmm, vm)

    @staticmethod
    def _attributes(names: tuple[str, ...], first: Part, values: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(names, values[first : first + len(names)], strict=True))
