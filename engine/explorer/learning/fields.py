"""The fields of a machine: the pieces of state that a step reads and writes each on its own.

Each line is one field; a vCPU, the VMM and the VM are as many fields as they have attributes.
Fields are known by their index: lines first, then per vCPU, the VMM's, the VM's.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs

from engine.machine.actors import VMM, Actor
from engine.machine.state import Machine, VCpu, Vm, Vmm

FieldNumber: TypeAlias = int
"""An index among the fields of a machine."""


def _names(owner: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    # Nothing moves an actor to another pCPU.
    return tuple(field.name for field in attrs.fields(owner) if field.name != "pcpu")


VCPU_FIELDS: Final = _names(VCpu)
VMM_FIELDS: Final = _names(Vmm)
VM_FIELDS: Final = _names(Vm)


@attrs.frozen
class Fields:
    """How the fields of a machine with so many lines and vCPUs are numbered."""

    lines: int
    vcpus: int

    @classmethod
    def of(cls, machine: Machine) -> Fields:
        """Return the numbering of a machine's fields."""
        return cls(len(machine.lines), len(machine.vcpus))

    @property
    def count(self) -> int:
        """How many fields there are."""
        return self.vm + len(VM_FIELDS)

    @property
    def vmm(self) -> FieldNumber:
        """The VMM's first field."""
        return self.vcpu(self.vcpus)

    @property
    def vm(self) -> FieldNumber:
        """The VM's first field."""
        return self.vmm + len(VMM_FIELDS)

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Every actor, the VMM last."""
        return (*range(self.vcpus), VMM)

    def vcpu(self, index: int) -> FieldNumber:
        """Return a vCPU's first field."""
        return self.lines + index * len(VCPU_FIELDS)

    def core(self, actor: Actor) -> FieldNumber:
        """Return the field that holds an actor's registers and pc."""
        if actor == VMM:
            return self.vmm + VMM_FIELDS.index("core")
        return self.vcpu(actor) + VCPU_FIELDS.index("core")

    def stack(self, actor: Actor) -> FieldNumber:
        """Return the field that holds KVM's call stack on behalf of an actor."""
        if actor == VMM:
            return self.vmm + VMM_FIELDS.index("stack")
        return self.vcpu(actor) + VCPU_FIELDS.index("stack")

    def policy_fields(self, index: int) -> FieldNumber:
        """Return the field that holds what the policy keeps of a vCPU."""
        return self.vcpu(index) + VCPU_FIELDS.index("fields")

    @property
    def statics(self) -> FieldNumber:
        """The field that holds what the policy keeps of the VM."""
        return self.vm + VM_FIELDS.index("statics")

    def place(self, actor: Actor) -> tuple[FieldNumber, ...]:
        """Return the fields that say where in its program an actor is, and whether it is on."""
        if actor == VMM:
            return (self.core(actor),)
        return (self.core(actor), self.vcpu(actor) + VCPU_FIELDS.index("power"))

    def values(self, machine: Machine) -> tuple[object, ...]:
        """Take a machine apart."""
        return (
            *machine.lines,
            *(getattr(vcpu, name) for vcpu in machine.vcpus for name in VCPU_FIELDS),
            *(getattr(machine.vmm, name) for name in VMM_FIELDS),
            *(getattr(machine.vm, name) for name in VM_FIELDS),
        )
