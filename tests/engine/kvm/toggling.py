"""Machines whose vCPUs run a toggle given by its body."""

from __future__ import annotations

from engine.kvm.statement import call, can_execute, execute_statement, vcpu_pointer
from engine.kvm.walk import advance
from engine.machine.effects import Effect
from engine.machine.setup import Hardware
from engine.machine.state import Machine, Walk
from engine.policy.frame import CFrame
from tests.engine.build import ON, machine, policy_of

TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)\n"


def machine_of(body: str, outside: str = "", hardware: Hardware | None = None) -> Machine:
    """Return a machine of two vCPUs, caches on in both, that runs a toggle of this body."""
    source = f"{outside}\n{TOGGLE}{{\n{body}\n}}\n"
    runs = policy_of(source)
    return machine("nop", "nop", runs=runs, sctlr=(ON, ON), hardware=hardware)


def toggle(state: Machine, vcpu: int, was_enabled: int = 0) -> Machine:
    """Return a machine in which a vCPU calls the toggle."""
    function = state.setup.policy.toggle
    assert function is not None
    return call(state, vcpu, function, (vcpu_pointer(vcpu), was_enabled))


def run(state: Machine, vcpu: int) -> tuple[Machine, list[Effect]]:
    """Run a vCPU's C until it ends or has to wait."""
    effects = list[Effect]()
    while state.vcpus[vcpu].stack:
        innermost = state.vcpus[vcpu].stack[-1]
        if isinstance(innermost, Walk):
            state, more = advance(state, vcpu, innermost)
        elif can_execute(state, vcpu):
            state, more = execute_statement(state, vcpu)
        else:
            break
        effects.extend(more)
    return state, effects


def frame(state: Machine, vcpu: int) -> CFrame:
    """Return a vCPU's innermost frame."""
    innermost = state.vcpus[vcpu].stack[-1]
    assert isinstance(innermost, CFrame)
    return innermost


def waits_at(state: Machine, vcpu: int) -> str:
    """Return the text of the step that a vCPU cannot take."""
    assert not can_execute(state, vcpu)
    return state.setup.policy.operation(frame(state, vcpu)).text


def static(state: Machine, name: str) -> int:
    """Return what a variable of the VM holds."""
    names = [variable.name for variable in state.setup.policy.statics]
    return state.vm.statics[names.index(name)]
