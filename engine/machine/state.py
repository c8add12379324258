"""The machine's state: one frozen, hashable value; a step makes a new one that shares the rest."""

from __future__ import annotations

from enum import Enum, unique
from typing import TypeAlias, TypedDict, Unpack

import attrs

from engine.arm.a64.maintenance import SetWayOperation
from engine.arm.core import Core
from engine.arm.kept_registers import KEPT_AT_RESET
from engine.arm.registers import Hcr, SystemRegister, SystemRegisters, caches_enabled
from engine.machine.actors import VMM, Actor
from engine.machine.setup import Setup
from engine.memory.line import Line
from engine.policy.frame import CFrame


@unique
class Power(Enum):
    """A vCPU's PSCI power state."""

    OFF = "off"
    ON = "on"


@attrs.frozen
class RegisterWrite:
    """KVM handles a trapped write of an EL1 register: `access_vm_reg()`."""

    register: SystemRegister
    value: int
    was_enabled: bool
    """SCTLR_EL1.M and C were both set at the exit."""
    written: bool = False
    """The register has its new value, and the policy has been called."""

    @property
    def toggles_caches(self) -> bool:
        """Whether it turns the vCPU's caches on or off."""
        return self.register is SystemRegister.SCTLR_EL1 and (
            caches_enabled(self.value) != self.was_enabled
        )


@attrs.frozen
class SetWay:
    """KVM handles a trapped DC by set/way: `access_dcsw()`."""

    operation: SetWayOperation


@attrs.frozen
class Fault:
    """KVM handles a stage-2 translation fault: `user_mem_abort()`."""

    page: int


@attrs.frozen
class Initialisation:
    """KVM handles KVM_ARM_VCPU_INIT for the VMM."""

    vcpu: int
    power_off: bool


@unique
class WalkPurpose(Enum):
    """Why KVM walks stage 2 and cleans and invalidates what it meets."""

    FLUSH_VM = "stage2_flush_vm"
    MAP_PAGE = "stage-2 map"
    UNMAP_VM = "stage2_unmap_vm"


@attrs.frozen
class Walk:
    """A walk over stage 2 with the mmu_lock held, one line a step."""

    purpose: WalkPurpose
    remaining: tuple[int, ...]
    """Lines still to be cleaned and invalidated."""
    walked: int = 0


KvmFrame: TypeAlias = RegisterWrite | SetWay | Fault | Initialisation | Walk | CFrame
"""One level of KVM's call stack."""


class VCpuChanges(TypedDict, total=False):
    """What `VCpu.with_` changes."""

    power: Power
    core: Core
    registers: SystemRegisters
    hcr_el2: int
    stack: tuple[KvmFrame, ...]
    fields: tuple[int, ...]
    interrupt: bool
    fault: int | None
    monitor: int | None
    kept: tuple[int, ...]


@attrs.frozen
class VCpu:
    """One virtual CPU."""

    power: Power
    pcpu: int
    """The physical CPU it runs on."""
    core: Core
    registers: SystemRegisters
    hcr_el2: int
    stack: tuple[KvmFrame, ...] = ()
    """KVM's call stack, innermost last; empty while the vCPU is in the guest."""
    fields: tuple[int, ...] = ()
    """What the policy keeps in `vcpu->arch`."""
    interrupt: bool = False
    """The VMM has injected an interrupt that the guest has not taken."""
    fault: int | None = None
    """The address of an access that hit no guest RAM, where the vCPU stopped."""
    monitor: int | None = None
    """The line that its exclusive monitor is at: that of its last load exclusive."""
    kept: tuple[int, ...] = KEPT_AT_RESET
    """Its registers that nobody else looks at, in the order of `KeptRegister`."""

    @property
    def in_guest(self) -> bool:
        """Say whether the vCPU is powered on and not in KVM."""
        return self.power is Power.ON and not self.stack

    @property
    def tvm(self) -> bool:
        """Say whether writes of the virtual memory registers trap."""
        return Hcr.TVM.get(self.hcr_el2)

    def with_(self, **changes: Unpack[VCpuChanges]) -> VCpu:
        """Return the vCPU with some of its state replaced."""
        return attrs.evolve(self, **changes)


class VmmChanges(TypedDict, total=False):
    """What `Vmm.with_` changes."""

    core: Core
    stack: tuple[KvmFrame, ...]
    kicks: tuple[bool, ...]
    fault: int | None


@attrs.frozen
class Vmm:
    """The host's user-space thread: a cacheable mapping of guest RAM and a program."""

    core: Core
    pcpu: int = 0
    stack: tuple[KvmFrame, ...] = ()
    """KVM's call stack under an ioctl, innermost last."""
    kicks: tuple[bool, ...] = ()
    """Per vCPU: it has kicked the VMM, which has not yet noticed."""
    fault: int | None = None
    """The address of an access that hit no guest RAM, where the VMM stopped."""

    def with_(self, **changes: Unpack[VmmChanges]) -> Vmm:
        """Return the VMM with some of its state replaced."""
        return attrs.evolve(self, **changes)


class VmChanges(TypedDict, total=False):
    """What `Vm.with_` changes."""

    mapped: tuple[bool, ...]
    has_run: bool
    mmu_lock: int
    statics: tuple[int, ...]


@attrs.frozen
class Vm:
    """What KVM keeps for the whole VM."""

    mapped: tuple[bool, ...]
    """Per page: stage 2 maps it."""
    has_run: bool = False
    """Some vCPU has executed an instruction."""
    mmu_lock: int = 0
    """0 when free, else by what its owner is known; see `engine.policy.evaluate.Scope.owner`."""
    statics: tuple[int, ...] = ()
    """What the policy keeps in statics, globals and `kvm->arch`."""

    def with_(self, **changes: Unpack[VmChanges]) -> Vm:
        """Return KVM's state of the VM with some of it replaced."""
        return attrs.evolve(self, **changes)


@attrs.frozen(cache_hash=True)
class Machine:
    """The whole state of a run at one step."""

    setup: Setup = attrs.field(repr=False)
    lines: tuple[Line, ...]
    vcpus: tuple[VCpu, ...]
    vmm: Vmm
    vm: Vm

    def with_line(self, index: int, line: Line) -> Machine:
        """Return the machine with one line replaced."""
        lines = (*self.lines[:index], line, *self.lines[index + 1 :])
        return Machine(self.setup, lines, self.vcpus, self.vmm, self.vm)

    def with_vcpu(self, index: int, vcpu: VCpu) -> Machine:
        """Return the machine with one vCPU replaced."""
        vcpus = (*self.vcpus[:index], vcpu, *self.vcpus[index + 1 :])
        return Machine(self.setup, self.lines, vcpus, self.vmm, self.vm)

    def with_vmm(self, vmm: Vmm) -> Machine:
        """Return the machine with the VMM replaced."""
        return Machine(self.setup, self.lines, self.vcpus, vmm, self.vm)

    def with_vm(self, vm: Vm) -> Machine:
        """Return the machine with KVM's own state of the VM replaced."""
        return Machine(self.setup, self.lines, self.vcpus, self.vmm, vm)

    def stack(self, actor: Actor) -> tuple[KvmFrame, ...]:
        """Return KVM's call stack on behalf of an actor."""
        return self.vmm.stack if actor == VMM else self.vcpus[actor].stack

    def with_stack(self, actor: Actor, stack: tuple[KvmFrame, ...]) -> Machine:
        """Return the machine with KVM's call stack on behalf of an actor replaced."""
        if actor == VMM:
            return self.with_vmm(self.vmm.with_(stack=stack))
        return self.with_vcpu(actor, self.vcpus[actor].with_(stack=stack))

    def pcpu(self, actor: Actor) -> int:
        """Return the physical CPU an actor runs on."""
        return self.vmm.pcpu if actor == VMM else self.vcpus[actor].pcpu
