"""The policy's C, a statement or a condition a step: calls, returns, locks, flushes, spinning."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import attrs

from engine.c.evaluate import OopsError, evaluate, release_lock, take_lock
from engine.c.flow import targets
from engine.c.frame import CFrame
from engine.c.policy import Function, Policy
from engine.c.steps import Acquire, Call, Decide, Execute, Flush, Release, Return, Select, Step
from engine.c.types import LockType
from engine.kvm.scope import MachineScope, exit_pointer, local_address, vcpu_pointer
from engine.kvm.walk import begin_flush, lock_is_free
from engine.machine.effects import (
    ConditionDecided,
    Effect,
    FlushSkipped,
    StatementExecuted,
)
from engine.machine.state import Actor, Machine

__all__ = ["call", "can_execute", "execute_statement", "exit_pointer", "vcpu_pointer"]

MAX_CALLS: Final = 32
"""How deeply calls may nest; beyond it the kernel's stack overflows and the actor is stuck."""

MAX_LOOP_STEPS: Final = 20_000
"""Steps after which a loop that an actor does not leave when run alone counts as endless."""


def call(machine: Machine, actor: Actor, function: int, arguments: tuple[int, ...]) -> Machine:
    """Push the frame of a call of one of the policy's functions; no step by itself."""
    frame = _entered(machine.setup.policy.functions[function], function, arguments, flushed=False)
    return machine.with_stack(actor, (*machine.stack(actor), frame))


def can_execute(machine: Machine, actor: Actor) -> bool:
    """Say whether the innermost frame's next step can be taken now.

    It cannot while it waits for a lock, where the kernel would oops, and where it spins: in a
    loop that, run alone, comes back to this very state or goes on for `MAX_LOOP_STEPS`. The
    actor runs up to its loop before it waits, so that all it does there at least once is seen.
    """
    if _perform(machine, actor) is None:
        return False
    frame = _innermost(machine, actor)
    function = machine.setup.policy.functions[frame.function]
    return not (function.may_spin[frame.pc] and _spins(machine, actor))


def execute_statement(machine: Machine, actor: Actor) -> tuple[Machine, tuple[Effect, ...]]:
    """Execute one step of the innermost frame; a function that ends with it is left at once.

    The step must be one that `can_execute` allows.
    """
    outcome = _perform(machine, actor)
    assert outcome is not None, "this step cannot be executed"
    return outcome


def _innermost(machine: Machine, actor: Actor) -> CFrame:
    frame = machine.stack(actor)[-1]
    assert isinstance(frame, CFrame), "KVM is not in the policy's C"
    return frame


def _entered(
    function: Function, number: int, arguments: tuple[int, ...], *, flushed: bool
) -> CFrame:
    assert len(arguments) == function.parameters
    rest = tuple(variable.initial for variable in function.variables[function.parameters :])
    return CFrame(number, 0, (*arguments, *rest), flushed)


@lru_cache(maxsize=256)
def _perform(machine: Machine, actor: Actor) -> tuple[Machine, tuple[Effect, ...]] | None:
    """Return what `_attempt` does, kept for who asks whether a step can be, then takes it."""
    return _attempt(machine, actor)


def _attempt(machine: Machine, actor: Actor) -> tuple[Machine, tuple[Effect, ...]] | None:
    """Return the outcome of an actor's next step, or None where it cannot be taken."""
    frame = _innermost(machine, actor)
    step = machine.setup.policy.step(frame)
    scope = MachineScope.of(machine, actor, frame)
    try:
        return _Execution(scope, frame, step).outcome()
    except OopsError:
        return None


@attrs.define
class _Execution:
    """One step being taken."""

    scope: MachineScope
    frame: CFrame
    step: Step

    @property
    def policy(self) -> Policy:
        return self.scope.machine.setup.policy

    def outcome(self) -> tuple[Machine, tuple[Effect, ...]] | None:
        step, scope, actor = self.step, self.scope, self.scope.actor
        said: Effect = StatementExecuted(actor, step.place, step.text)
        taken = None
        match step:
            case Execute(expression=expression):
                evaluate(expression, scope)
                machine = self._advanced(step.next)
            case Decide(condition=condition):
                met = bool(evaluate(condition, scope))
                said = self._decided(met)
                taken = step.then if met else step.otherwise
                machine = self._advanced(taken)
            case Select(selector=selector):
                taken, met = _selected(step, evaluate(selector, scope))
                said = self._decided(met)
                machine = self._advanced(taken)
            case Acquire(address=at, shared=shared):
                if not take_lock(scope, evaluate(at, scope), shared=shared):
                    return None
                machine = self._advanced(step.next)
            case Release(address=at, shared=shared):
                release_lock(scope, evaluate(at, scope), shared=shared)
                machine = self._advanced(step.next)
            case Return(value=given):
                value = 0 if given is None else evaluate(given, scope)
                machine = self._returned(self.frame, value)
            case Call():
                called = self._called(step)
                if called is None:
                    return None
                machine = called
            case Flush(kvm=kvm):
                if not evaluate(kvm, scope):
                    raise OopsError
                if not lock_is_free(scope.machine):
                    return None
                machine, begun = begin_flush(self._advanced(step.next, flushed=True), actor)
                return machine, (*self._skipped_outright(), said, *scope.effects, *begun)
        effects = (*self._skipped_outright(), said, *scope.effects)
        return machine, (*effects, *self._skipped(said, taken))

    def _outer(self) -> tuple[CFrame, ...]:
        stack = self.scope.machine.stack(self.scope.actor)[:-1]
        return tuple(frame for frame in stack if isinstance(frame, CFrame))

    def _decided(self, met: bool) -> ConditionDecided:
        step = self.step
        operands = tuple(self.scope.operands)
        return ConditionDecided(self.scope.actor, step.place, step.text, operands, met)

    def _called(self, step: Call) -> Machine | None:
        scope, outer = self.scope, self._outer()
        if len(outer) + 2 > MAX_CALLS:
            return None
        arguments = tuple(evaluate(argument, scope) for argument in step.arguments)
        function = self.policy.functions[step.function]
        entered = _entered(function, step.function, arguments, flushed=self.frame.flushed)
        caller = attrs.evolve(self.frame, slots=tuple(scope.slots))
        stack = scope.machine.stack(scope.actor)
        return scope.machine.with_stack(scope.actor, (*stack[:-1], caller, entered))

    def _advanced(self, pc: int, *, flushed: bool = False) -> Machine:
        """Return the machine with the frame moved on, and left where its function ends."""
        scope = self.scope
        frame = CFrame(self.frame.function, pc, tuple(scope.slots), self.frame.flushed or flushed)
        stack = scope.machine.stack(scope.actor)[:-1]
        step = self.policy.step(frame)
        if isinstance(step, Return) and step.free:
            return self._returned(frame, self._result(frame, step, len(stack)))
        return scope.machine.with_stack(scope.actor, (*stack, frame))

    def _returned(self, frame: CFrame, value: int) -> Machine:
        """Return the machine with a frame left, and its callers where that ends them too."""
        machine, actor = self.scope.machine, self.scope.actor
        stack = machine.stack(actor)[:-1]
        while stack and isinstance(caller := stack[-1], CFrame):
            stack = stack[:-1]
            frame = self._resumed(caller, value, flushed=frame.flushed)
            step = self.policy.step(frame)
            if not isinstance(step, Return) or not step.free:
                return machine.with_stack(actor, (*stack, frame))
            value = self._result(frame, step, len(stack))
        return machine.with_stack(actor, stack)

    def _result(self, frame: CFrame, step: Return, depth: int) -> int:
        """Return a result that costs no step: a constant, or what a temporary holds."""
        if step.value is None:
            return 0
        machine, actor = self.scope.machine, self.scope.actor
        at = local_address(actor, depth, 0)
        return evaluate(step.value, MachineScope(machine, actor, at, list(frame.slots)))

    def _resumed(self, caller: CFrame, value: int, *, flushed: bool) -> CFrame:
        step = self.policy.step(caller)
        assert isinstance(step, Call)
        slots = caller.slots
        if step.result is not None:
            slots = (*slots[: step.result], value, *slots[step.result + 1 :])
        return CFrame(caller.function, step.next, slots, flushed)

    def _flush_follows(self, frame: CFrame, pc: int) -> bool:
        return self.policy.functions[frame.function].reaches_flush[pc]

    def _flush_follows_outside(self) -> bool:
        for frame in self._outer():
            step = self.policy.step(frame)
            assert isinstance(step, Call)
            if self._flush_follows(frame, step.next):
                return True
        return False

    def _skipped(self, said: Effect, taken: int | None) -> tuple[Effect, ...]:
        """Return the effect of having left, by a condition, the last road to a flush."""
        step, frame = self.step, self.frame
        if taken is None or frame.flushed or not isinstance(said, ConditionDecided):
            return ()
        left_one = any(self._flush_follows(frame, road) for road in targets(step))
        if not left_one or self._flush_follows(frame, taken) or self._flush_follows_outside():
            return ()
        actor, place = self.scope.actor, step.place
        return (FlushSkipped(actor, place, step.text, said.operands, said.outcome),)

    def _skipped_outright(self) -> tuple[Effect, ...]:
        """Return the effect of having been called although no road leads to a flush."""
        if self.frame.pc != 0 or self._outer() or self._flush_follows(self.frame, 0):
            return ()
        return (FlushSkipped(self.scope.actor, self.step.place, None, (), False),)


def _selected(step: Select, value: int) -> tuple[int, bool]:
    for low, high, target in step.cases:
        if low <= value <= high:
            return target, True
    return step.default, False


def _spins(machine: Machine, actor: Actor) -> bool:
    """Say whether an actor in a loop goes round for ever if nobody else moves, and waits here.

    Where the loop takes locks and lets them go, it waits where it holds fewest. A loop that
    changes anything else that others can see is not waiting, and goes on.
    """
    start = _innermost(machine, actor)
    depth = len(machine.stack(actor))
    inside = _loop(machine.setup.policy, start.function, start.pc)
    seen, path, current = {machine}, list[Machine](), machine
    for _ in range(MAX_LOOP_STEPS):
        outcome = _attempt(current, actor)
        if outcome is None:
            return False
        current = outcome[0]
        path.append(current)
        stack = current.stack(actor)
        frame = stack[depth - 1] if len(stack) >= depth else None
        if not isinstance(frame, CFrame) or frame.pc not in inside:
            return False
        if not isinstance(stack[-1], CFrame):
            return False
        if len(stack) == depth and frame.pc == start.pc:
            if current in seen:
                waits = current == machine and _only_waits(path, machine, actor)
                return waits and _holds_fewest(path, machine, actor)
            seen.add(current)
    return _holds_fewest(path, machine, actor)


def _holds_fewest(path: list[Machine], machine: Machine, actor: Actor) -> bool:
    """Say whether no lock is held here that is free in another state of a path."""
    held, _ = _locks(machine, actor)
    return all(
        abs(here) <= abs(there)
        for state in path
        for here, there in zip(held, _locks(state, actor)[0], strict=True)
    )


def _only_waits(path: list[Machine], machine: Machine, actor: Actor) -> bool:
    """Say whether the states of a path differ in nothing but locks and the actor's own stack."""
    _, rest = _locks(machine, actor)
    return all(_locks(state, actor)[1] == rest for state in path)


def _locks(machine: Machine, actor: Actor) -> tuple[tuple[int, ...], Machine]:
    """Return what all locks hold, and the machine without them and without an actor's stack."""
    policy, vm = machine.setup.policy, machine.vm
    in_vm = [isinstance(variable.type, LockType) for variable in policy.statics]
    in_vcpu = [isinstance(variable.type, LockType) for variable in policy.fields]
    held = [vm.mmu_lock, *(value for value, lock in zip(vm.statics, in_vm, strict=True) if lock)]
    rest = machine.with_stack(actor, ()).with_vm(
        attrs.evolve(vm, mmu_lock=0, statics=_without(vm.statics, in_vm))
    )
    for index, vcpu in enumerate(rest.vcpus):
        held += [value for value, lock in zip(vcpu.fields, in_vcpu, strict=True) if lock]
        rest = rest.with_vcpu(index, attrs.evolve(vcpu, fields=_without(vcpu.fields, in_vcpu)))
    return tuple(held), rest


def _without(values: tuple[int, ...], locks: list[bool]) -> tuple[int, ...]:
    return tuple(0 if lock else value for value, lock in zip(values, locks, strict=True))


@lru_cache(maxsize=256)
def _loop(policy: Policy, function: int, head: int) -> frozenset[int]:
    """Return the steps from which a loop's head can be reached."""
    steps = policy.functions[function].steps
    inside = {head}
    changed = True
    while changed:
        changed = False
        for index, step in enumerate(steps):
            if index not in inside and any(target in inside for target in targets(step)):
                inside.add(index)
                changed = True
    return frozenset(inside)
