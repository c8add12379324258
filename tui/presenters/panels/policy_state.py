"""What the policy's C holds now: the locals of a call, and the state it keeps of its own."""

from __future__ import annotations

from collections.abc import Iterator

from engine.machine.actors import Actor
from engine.machine.state import Machine
from engine.policy.c_types import AtomicType, IntegerType, LockType
from engine.policy.frame import CFrame
from engine.policy.policy import Variable
from tui.presenters.words import number


def policy_state(machine: Machine, actor: Actor | None, frame: CFrame | None) -> str:
    """Return the values of a call's locals, of the VM's state and of the actor's vCPU's."""
    policy = machine.setup.policy
    parts: list[str] = []
    if frame is not None:
        variables = policy.functions[frame.function].variables
        parts.extend(_values(variables, frame.slots))
    parts.extend(_values(policy.statics, machine.vm.statics))
    if actor is not None and actor >= 0:
        parts.extend(_values(policy.fields, machine.vcpus[actor].fields))
    return ", ".join(parts)


def _values(variables: tuple[Variable, ...], slots: tuple[int, ...]) -> Iterator[str]:
    for variable, value in zip(variables, slots, strict=True):
        # Pointers say nothing that is not in sight, temporaries are none of the source's.
        shown = isinstance(variable.type, IntegerType | AtomicType | LockType)
        if shown and not variable.name.startswith("."):
            yield f"{variable.name} {number(value)}"
