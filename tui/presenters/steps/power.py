"""Accounts of vCPUs started, stopped, reset, kicked and interrupted."""

from __future__ import annotations

from collections.abc import Iterator

from engine.machine.actors import VMM
from engine.machine.effects import (
    InterruptInjected,
    InterruptTaken,
    Kicked,
    KickNoticed,
    PoweredOff,
    PoweredOn,
    VcpuInitialised,
)
from engine.machine.state import Power
from tui.presenters.steps.account import (
    KVM,
    VMM_NAME,
    Account,
    Item,
    Message,
    Sign,
    Weight,
    participant,
)
from tui.presenters.words import number, place_in, who


class PowerOnAccount(Account[PoweredOn]):
    """A vCPU that was started."""

    sign = Sign.POWER
    always = Weight.FRAMING

    def label(self) -> str:
        """Return the vCPU."""
        return f"vcpu{self.effect.vcpu} on"

    def clause(self, *, brief: bool) -> str:
        """Return who started a vCPU, and in what state it begins."""
        effect = self.effect
        after = self.step.after.vcpus[effect.vcpu]
        if effect.by == VMM:
            return f"the VMM makes vcpu{effect.vcpu} runnable (KVM_SET_MP_STATE)"
        entry = place_in(self.step.after.setup.programs[effect.vcpu], after.core.pc)
        tvm = "set" if after.tvm else "clear still: KVM does not arm it here"
        return (
            f"{who(effect.by)} calls PSCI CPU_ON: vcpu{effect.vcpu} starts at {entry} with its "
            f"caches off; its HCR_EL2.TVM is {tvm}"
        )

    def messages(self, label: str) -> Iterator[Item]:
        """Yield who started it."""
        yield Message(participant(self.effect.by), participant(self.effect.vcpu), self.label())


class PowerOffAccount(Account[PoweredOff]):
    """A vCPU that was stopped."""

    sign = Sign.POWER
    always = Weight.FRAMING

    def label(self) -> str:
        """Return the vCPU."""
        return f"vcpu{self.effect.vcpu} off"

    def clause(self, *, brief: bool) -> str:
        """Return who stopped it."""
        vcpu, by = self.effect.vcpu, self.effect.by
        if by == vcpu:
            return f"vcpu{vcpu} calls PSCI CPU_OFF: it is off"
        return f"{who(by)} stops vcpu{vcpu} (KVM_SET_MP_STATE)"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield who stopped it."""
        yield Message(participant(self.effect.by), participant(self.effect.vcpu), self.label())


class ResetAccount(Account[VcpuInitialised]):
    """A vCPU that was reset."""

    sign = Sign.POWER
    always = Weight.FRAMING

    def label(self) -> str:
        """Return the vCPU."""
        return f"vcpu{self.effect.vcpu} reset"

    def clause(self, *, brief: bool) -> str:
        """Return what KVM_ARM_VCPU_INIT left a vCPU with."""
        vcpu = self.effect.vcpu
        after = self.step.after.vcpus[vcpu]
        state = "on" if after.power is Power.ON else "off"
        if brief:
            return f"KVM_ARM_VCPU_INIT resets vcpu{vcpu}: it is {state}, with MMU and caches off"
        return (
            f"KVM_ARM_VCPU_INIT resets vcpu{vcpu}: it is {state}, SCTLR_EL1 is "
            f"{number(after.registers.sctlr_el1)} (MMU and caches off)"
        )

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the ioctl."""
        yield Message(KVM, participant(self.effect.vcpu), "KVM_ARM_VCPU_INIT: reset")


class KickAccount(Account[Kicked]):
    """A kick, which the instruction names."""

    sign = Sign.SIGNAL
    always = Weight.FRAMING

    def clause(self, *, brief: bool) -> str:
        """Return who kicked."""
        vcpu = self.effect.vcpu
        return f"vcpu{vcpu} kicks the VMM: it exits to user space, as a virtio notify does"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the kick."""
        yield Message(participant(self.effect.vcpu), VMM_NAME, "kick")


class KickNoticeAccount(Account[KickNoticed]):
    """A kick noticed, which the instruction waits for."""

    sign = Sign.SIGNAL
    always = Weight.FRAMING

    def clause(self, *, brief: bool) -> str:
        """Return whose kick."""
        return f"the VMM notices the kick of vcpu{self.effect.vcpu}"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield whose kick."""
        text = f"notices the kick of {participant(self.effect.vcpu)}"
        yield Message(VMM_NAME, VMM_NAME, text)


class InjectionAccount(Account[InterruptInjected]):
    """An interrupt injected, which the instruction names."""

    sign = Sign.SIGNAL
    always = Weight.FRAMING

    def clause(self, *, brief: bool) -> str:
        """Return into which vCPU."""
        return f"the VMM injects an interrupt into vcpu{self.effect.vcpu}"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield the interrupt."""
        yield Message(VMM_NAME, participant(self.effect.vcpu), "interrupt")


class InterruptAccount(Account[InterruptTaken]):
    """An interrupt taken, which the instruction waits for."""

    sign = Sign.SIGNAL
    always = Weight.FRAMING

    def clause(self, *, brief: bool) -> str:
        """Return who took it."""
        return f"vcpu{self.effect.vcpu} takes the interrupt that the VMM had injected"

    def messages(self, label: str) -> Iterator[Item]:
        """Yield who took it."""
        name = participant(self.effect.vcpu)
        yield Message(name, name, "takes the interrupt")
