"""What a policy compares the CPU's implementor with, so that it can be checked on each."""

from __future__ import annotations

from engine.compiler.compilation import Compilation
from engine.compiler.headers import KERNEL_IMPLEMENTORS
from engine.policy.expressions import Ask, Constant, Convert, Expression, MachineQuery, Watched


def note_comparison(compilation: Compilation, left: Expression, right: Expression) -> None:
    """Record a constant that a value is compared with, if the implementor is in play."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Constant):
            note_values(compilation, other, (one.value,))


def note_values(compilation: Compilation, compared: Expression, values: tuple[int, ...]) -> None:
    """Record all constants that a value is compared with at one place."""
    if not _asks_implementor(compared):
        compilation.compared.extend(values)
        return
    compilation.implementor_compared += 1
    for value in values:
        ask_value(compilation, value)


def ask_value(compilation: Compilation, value: int) -> None:
    """Record a value that the implementor may be compared with, by its name if it has one."""
    named = {code: name for name, code in KERNEL_IMPLEMENTORS.items()}
    compilation.ask_implementor(named.get(value, f"{value:#x}"), value)


def _asks_implementor(expression: Expression) -> bool:
    while isinstance(expression, Watched | Convert):
        expression = expression.operand
    return isinstance(expression, Ask) and expression.query is MachineQuery.IMPLEMENTOR
