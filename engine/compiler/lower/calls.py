"""Calls: which take an operation of their own, and what the others give."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from engine.compiler.declarations import is_scalar
from engine.compiler.lower.build import ZERO, converted, sequence
from engine.compiler.lower.conversions import fitted, scalar, target
from engine.compiler.lower.lowering import LVALUES_SUPPORTED, Lowering, Object, Rules
from engine.compiler.lower.objects import named_constant, variable
from engine.compiler.syntax import arguments, field, unwrap, word
from engine.policy.addresses import Region
from engine.policy.c_types import ULONG, VCPU, LockKind, LockType, PointerType, type_name
from engine.policy.expressions import Expression, FieldAddress, VcpuAddress
from engine.policy.integers import INTEGER_NAMES
from engine.policy.locks import LockCall, lock_call
from engine.refusal import RefusedError

_SUPPORTED: Final = (
    "a function the source defines, one of KVM's that the model knows, "
    "or one named with --assume-no-effect"
)
_BARRIER_OPTION: Final = re.compile(r"(?:inner|outer|non)?sh(?:st|ld)?|i?sh(?:st|ld)?|sy|st|ld")
_TEXT_MACRO: Final = re.compile(r"KERN_\w+|__func__|__FUNCTION__")


def is_followed(lowering: Lowering, name: str) -> bool:
    """Say whether a call of that name is followed into the source."""
    if name in lowering.grammar.models_own or name in lowering.compilation.options.assume_no_effect:
        return False
    return lowering.compilation.function(lowering.names, name) is not None


def is_operation(lowering: Lowering, node: Node) -> bool:
    """Say whether a node is a call that has an operation of its own."""
    if node.type != "call_expression":
        return False
    function = field(node, "function")
    if function.type != "identifier":
        return False
    name = word(function)
    if name == "stage2_flush_vm" or is_followed(lowering, name):
        return True
    found = lock_call(name)
    return found is not None and not found.tries


def _call(lowering: Lowering, node: Node) -> Expression:
    """Return the value of a call that needs no operation of its own."""
    cast = _cast_of_parentheses(lowering, node)
    if cast is not None:
        return cast
    name = _callee(lowering, node)
    if name in lowering.compilation.options.assume_no_effect:
        if name not in lowering.compilation.assumed:
            lowering.compilation.assumed.append(name)
        return ignored(lowering, arguments(node), ZERO)
    value = lowering.grammar.kernel.lowered(lowering, node, name)
    if value is None:
        raise unknown(lowering, node, name)
    return value


def unknown(lowering: Lowering, call: Node, name: str) -> RefusedError:
    """Return the refusal of a call that the model does not know."""
    return lowering.refusal(call, f"a call of {name}()", _SUPPORTED)


def _called_object(lowering: Lowering, node: Node) -> Object:
    """Return the object that a call such as `vcpu_sys_reg(vcpu, SCTLR_EL1)` names."""
    thing = lowering.grammar.kernel_objects.lowered(lowering, node, _callee(lowering, node))
    if thing is None:
        raise lowering.refusal(node, f"`{lowering.short(node)}`", LVALUES_SUPPORTED)
    return thing


def _callee(lowering: Lowering, node: Node) -> str:
    """Return the name of the function that a call calls."""
    function = unwrap(field(node, "function"))
    if function.type != "identifier" or lowering.lookup(word(function)) is not None:
        raise lowering.refusal(
            node, f"the call `{lowering.short(node)}`", "a call of a function by name"
        )
    return word(function)


def _cast_of_parentheses(lowering: Lowering, node: Node) -> Expression | None:
    """Return `(type)(value)`, which the grammar takes for a call."""
    function, given = field(node, "function"), arguments(node)
    named = unwrap(function)
    if function.type != "parenthesized_expression" or named.type != "identifier":
        return None
    name = word(named)
    known = name in INTEGER_NAMES or name in lowering.names.typedefs
    if not known or lowering.lookup(name) is not None or len(given) != 1:
        return None
    return fitted(lowering, node, scalar(lowering, given[0]), lowering.types.named(named))


def ignored(lowering: Lowering, given: tuple[Node, ...], result: Expression) -> Expression:
    """Return a result after the evaluation of arguments that go nowhere."""
    parts = evaluated(lowering, given)
    return sequence(*parts, result) if parts else result


def evaluated(lowering: Lowering, given: tuple[Node, ...]) -> list[Expression]:
    """Return the values of arguments that go nowhere; texts and addresses are let be."""
    values = list[Expression]()
    for argument in given:
        inner = unwrap(argument)
        if inner.type in ("string_literal", "concatenated_string"):
            continue
        if inner.type == "identifier" and _is_known_word(lowering, word(inner)):
            continue
        if inner.type == "pointer_expression" and word(inner.children[0]) == "&":
            lowering.object(field(inner, "argument"))
            continue
        if inner.type == "identifier" and _has_no_value(lowering, inner):
            continue
        values.append(lowering.value(argument))
    return values


def _is_known_word(lowering: Lowering, name: str) -> bool:
    """Say whether a bare word is an option of a barrier, a log level or a function's name."""
    return lowering.lookup(name) is None and (
        _BARRIER_OPTION.fullmatch(name) is not None or _TEXT_MACRO.fullmatch(name) is not None
    )


def _has_no_value(lowering: Lowering, node: Node) -> bool:
    """Say whether a name is that of an object which cannot be computed with."""
    if lowering.lookup(word(node)) is None and named_constant(lowering, node) is not None:
        return False
    return not is_scalar(variable(lowering, node).type)


def vcpu_at(index: Expression) -> Expression:
    """Return kvm_get_vcpu(): the vCPU of an index, NULL where there is none."""
    return VcpuAddress(converted(index, ULONG), PointerType(VCPU))


def lock_arguments(lowering: Lowering, call: Node, found: LockCall) -> tuple[Node, ...]:
    """Return a lock function's arguments, checked; saved interrupt flags are not modelled."""
    given = arguments(call)
    lowering.require_arguments(call, given, found.arguments)
    for argument in given[1:]:
        lowering.value(argument)
    return given


def lock(lowering: Lowering, node: Node, kinds: tuple[LockKind, ...]) -> Object:
    """Return the lock that a pointer argument points at.

    Raises:
        RefusedError: what is there is no lock, or one of another kind.
    """
    thing = target(lowering, node, LockType(kinds[0]))
    mmu_lock = isinstance(thing.address, FieldAddress) and thing.address.region == Region.MMU_LOCK
    if not isinstance(thing.type, LockType) or not (mmu_lock or thing.type.kind in kinds):
        raise lowering.refusal(
            node,
            f"`{lowering.short(node)}`, a {type_name(thing.type)}",
            " or ".join(kind.value for kind in kinds),
        )
    return thing


VALUES: Final[Rules[Expression]] = {"call_expression": _call}
LVALUES: Final[Rules[Object]] = {"call_expression": _called_object}
