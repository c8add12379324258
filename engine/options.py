"""What an actor at a `choose` does: it goes on at one of the labels, and nothing else happens."""

from __future__ import annotations

from engine.arm.a64.choice import Choose
from engine.guest import next_instruction
from engine.machine.actors import VMM, Actor
from engine.machine.effects import ChoiceMade, Effect, Outcome
from engine.machine.fetch import fetch_at
from engine.machine.state import Machine
from engine.vmm import next_vmm_instruction


def next_choice(machine: Machine, actor: Actor) -> Choose | None:
    """Return the choice that comes next in an actor's program, None where something else does."""
    following = next_vmm_instruction(machine) if actor == VMM else next_instruction(machine, actor)
    return following if isinstance(following, Choose) else None


def choose(machine: Machine, actor: Actor, label: str) -> Outcome:
    """Let an actor at a choice go on at a label.

    The machine executes no instruction by it: a vCPU that has only chosen has not run.
    """
    choice = next_choice(machine, actor)
    assert choice is not None, "a choice is made by who comes to one"
    target = choice.target(label)
    effects: tuple[Effect, ...] = (ChoiceMade(actor, label), *fetch_at(machine, actor, target))
    if actor == VMM:
        vmm = machine.vmm
        return machine.with_vmm(vmm.with_(core=vmm.core.jump(target))), effects
    vcpu = machine.vcpus[actor]
    return machine.with_vcpu(actor, vcpu.with_(core=vcpu.core.jump(target))), effects
