"""A step of the policy's C being taken: evaluation, calls and returns, locks, flushes."""

from __future__ import annotations

from typing import Final

import attrs

from engine.kvm.scope import MachineScope, local_address
from engine.kvm.walk import begin_flush, lock_is_free
from engine.machine.actors import Actor
from engine.machine.effects import (
    ConditionDecided,
    Effect,
    FlushSkipped,
    OperandValue,
    Outcome,
    StatementExecuted,
)
from engine.machine.state import Machine, RegisterWrite
from engine.policy.evaluate import OopsError, evaluate, release_lock, take_lock
from engine.policy.frame import CFrame
from engine.policy.operations import (
    Acquire,
    Call,
    Decide,
    Execute,
    Flush,
    Operation,
    Release,
    Return,
    Select,
    targets,
)
from engine.policy.policy import Function, Policy

MAX_CALLS: Final = 32
"""How deeply calls may nest; beyond it the kernel's stack overflows and the actor is stuck."""


def innermost(machine: Machine, actor: Actor) -> CFrame:
    """Return the innermost frame of an actor that is in the policy's C."""
    frame = machine.stack(actor)[-1]
    assert isinstance(frame, CFrame), "KVM is not in the policy's C"
    return frame


def entered(
    function: Function, number: int, arguments: tuple[int, ...], *, flushed: bool
) -> CFrame:
    """Return the frame of a call; `flushed` says whether this trap has flushed already."""
    assert len(arguments) == function.parameters
    rest = tuple(variable.initial for variable in function.variables[function.parameters :])
    return CFrame(number, 0, (*arguments, *rest), flushed)


def attempt(scope: MachineScope) -> Outcome | None:
    """Return the outcome of the innermost frame's next step, or None where it cannot be taken.

    It waits for a lock, would call too deeply, or the kernel would oops.
    """
    frame = innermost(scope.machine, scope.actor)
    try:
        return _Execution(scope, frame, scope.machine.setup.policy.operation(frame)).outcome()
    except OopsError:
        return None


@attrs.define
class _Execution:
    """One step being taken."""

    scope: MachineScope
    frame: CFrame
    operation: Operation

    @property
    def policy(self) -> Policy:
        return self.scope.machine.setup.policy

    def outcome(self) -> Outcome | None:
        operation, scope, actor = self.operation, self.scope, self.scope.actor
        said: Effect | None = None
        taken = None
        begun: tuple[Effect, ...] = ()
        match operation:
            case Execute(expression=expression):
                evaluate(expression, scope)
                machine = self._advanced(operation.next)
            case Decide(condition=condition):
                met = bool(evaluate(condition, scope))
                said = self._decided(met)
                taken = operation.then if met else operation.otherwise
                machine = self._advanced(taken)
            case Select(selector=selector):
                taken, met = _selected(operation, evaluate(selector, scope))
                said = self._decided(met)
                machine = self._advanced(taken)
            case Acquire(address=at, shared=shared):
                if not take_lock(scope, evaluate(at, scope), shared=shared):
                    return None
                machine = self._advanced(operation.next)
            case Release(address=at, shared=shared):
                release_lock(scope, evaluate(at, scope), shared=shared)
                machine = self._advanced(operation.next)
            case Return(value=given):
                value = 0 if given is None else evaluate(given, scope)
                machine = self._returned(self.frame, value)
            case Call():
                called = self._called(operation)
                if called is None:
                    return None
                machine = called
            case Flush(kvm=kvm):
                if not evaluate(kvm, scope):
                    raise OopsError
                if not lock_is_free(scope.machine):
                    return None
                machine, begun = begin_flush(self._advanced(operation.next, flushed=True), actor)
        said = said or StatementExecuted(
            actor, operation.place, operation.text, tuple(scope.decisions)
        )
        effects = (*self._skipped_outright(), said, *scope.effects)
        return machine, (*effects, *begun, *self._skipped(said, taken))

    def _outer(self) -> tuple[CFrame, ...]:
        stack = self.scope.machine.stack(self.scope.actor)[:-1]
        return tuple(frame for frame in stack if isinstance(frame, CFrame))

    def _decided(self, met: bool) -> ConditionDecided:
        operation = self.operation
        scope = self.scope
        operands, inside = tuple(scope.operands), tuple(scope.decisions)
        return ConditionDecided(scope.actor, operation.place, operation.text, operands, met, inside)

    def _called(self, operation: Call) -> Machine | None:
        scope, outer = self.scope, self._outer()
        if len(outer) + 2 > MAX_CALLS:
            return None
        arguments = tuple(evaluate(argument, scope) for argument in operation.arguments)
        function = self.policy.functions[operation.function]
        callee = entered(function, operation.function, arguments, flushed=self.frame.flushed)
        caller = attrs.evolve(self.frame, slots=tuple(scope.slots))
        stack = scope.machine.stack(scope.actor)
        return scope.machine.with_stack(scope.actor, (*stack[:-1], caller, callee))

    def _advanced(self, pc: int, *, flushed: bool = False) -> Machine:
        """Return the machine with the frame moved on, and left where its function ends."""
        scope = self.scope
        frame = CFrame(self.frame.function, pc, tuple(scope.slots), self.frame.flushed or flushed)
        stack = scope.machine.stack(scope.actor)[:-1]
        operation = self.policy.operation(frame)
        if isinstance(operation, Return) and operation.free:
            return self._returned(frame, self._result(frame, operation, len(stack)))
        return scope.machine.with_stack(scope.actor, (*stack, frame))

    def _returned(self, frame: CFrame, value: int) -> Machine:
        """Return the machine with a frame left, and its callers where that ends them too."""
        machine, actor = self.scope.machine, self.scope.actor
        stack = machine.stack(actor)[:-1]
        while stack and isinstance(caller := stack[-1], CFrame):
            stack = stack[:-1]
            frame = self._resumed(caller, value, flushed=frame.flushed)
            operation = self.policy.operation(frame)
            if not isinstance(operation, Return) or not operation.free:
                return machine.with_stack(actor, (*stack, frame))
            value = self._result(frame, operation, len(stack))
        return machine.with_stack(actor, stack)

    def _result(self, frame: CFrame, operation: Return, depth: int) -> int:
        """Return a result that costs no step: a constant, or what a temporary holds."""
        if operation.value is None:
            return 0
        machine, actor = self.scope.machine, self.scope.actor
        at = local_address(actor, depth, 0)
        return evaluate(operation.value, MachineScope(machine, actor, at, list(frame.slots)))

    def _resumed(self, caller: CFrame, value: int, *, flushed: bool) -> CFrame:
        operation = self.policy.operation(caller)
        assert isinstance(operation, Call)
        slots = caller.slots
        if operation.result is not None:
            slots = (*slots[: operation.result], value, *slots[operation.result + 1 :])
        return CFrame(caller.function, operation.next, slots, flushed)

    def _flush_follows(self, frame: CFrame, pc: int) -> bool:
        return self.policy.functions[frame.function].reaches_flush[pc]

    def _flush_follows_outside(self) -> bool:
        for frame in self._outer():
            operation = self.policy.operation(frame)
            assert isinstance(operation, Call)
            if self._flush_follows(frame, operation.next):
                return True
        return False

    def _skipped(self, said: Effect, taken: int | None) -> tuple[Effect, ...]:
        """Return the effect of having left, by a condition, the last road to a flush."""
        operation, frame = self.operation, self.frame
        if taken is None or frame.flushed or not isinstance(said, ConditionDecided):
            return ()
        left_one = any(self._flush_follows(frame, road) for road in targets(operation))
        if not left_one or self._flush_follows(frame, taken) or self._flush_follows_outside():
            return ()
        return (self._skip(operation.text, said.operands, outcome=said.outcome),)

    def _skipped_outright(self) -> tuple[Effect, ...]:
        """Return the effect of having been called although no road leads to a flush."""
        if self.frame.pc != 0 or self._outer() or self._flush_follows(self.frame, 0):
            return ()
        return (self._skip(None, (), outcome=False),)

    def _skip(
        self, text: str | None, operands: tuple[OperandValue, ...], *, outcome: bool
    ) -> FlushSkipped:
        actor, place = self.scope.actor, self.operation.place
        exit_ = self.scope.machine.stack(actor)[0]
        at_toggle = isinstance(exit_, RegisterWrite) and exit_.toggles_caches
        return FlushSkipped(actor, place, text, operands, outcome, at_toggle)


def _selected(operation: Select, value: int) -> tuple[int, bool]:
    for low, high, target in operation.cases:
        if low <= value <= high:
            return target, True
    return operation.default, False
