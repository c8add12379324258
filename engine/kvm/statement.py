"""The policy's C as KVM runs it: calls of its functions, a statement or a condition a step."""

from __future__ import annotations

from functools import lru_cache

from engine.kvm.execution import attempt, entered, innermost
from engine.kvm.scope import MachineScope, exit_pointer, vcpu_pointer
from engine.kvm.spinning import spins
from engine.machine.actors import Actor
from engine.machine.effects import Outcome
from engine.machine.state import Machine

__all__ = ["call", "can_execute", "execute_statement", "exit_pointer", "vcpu_pointer"]


def call(machine: Machine, actor: Actor, function: int, arguments: tuple[int, ...]) -> Machine:
    """Push the frame of a call of one of the policy's functions; no step by itself."""
    frame = entered(machine.setup.policy.functions[function], function, arguments, flushed=False)
    return machine.with_stack(actor, (*machine.stack(actor), frame))


def can_execute(machine: Machine, actor: Actor) -> bool:
    """Say whether the innermost frame's next step can be taken now.

    It cannot while it waits for a lock, where the kernel would oops, and where it spins. The
    actor runs up to its loop before it waits, so that all it does there at least once is seen.
    """
    return _perform(machine, actor) is not None and not spins(machine, actor)


def execute_statement(machine: Machine, actor: Actor) -> Outcome:
    """Execute one step of the innermost frame; a function that ends with it is left at once.

    The step must be one that `can_execute` allows.
    """
    outcome = _perform(machine, actor)
    assert outcome is not None, "this step cannot be executed"
    return outcome


# Pure: a function of values that never change. Of a machine that tracks reads the second asking
# would note none, but it compares equal to itself alone, and the first asking has noted them.
@lru_cache(maxsize=256)
def _perform(machine: Machine, actor: Actor) -> Outcome | None:
    """Return what a step does, kept for who asks whether it can be taken, then takes it."""
    return attempt(MachineScope.of(machine, actor, innermost(machine, actor)))
