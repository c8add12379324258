"""Lowering of calls: the kernel functions the model knows, and which calls take a step."""

from __future__ import annotations

import re
from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.declarations import scalar
from engine.compiler.headers import (
    ENGINE_OWN,
    HINTS,
    IDENTITY,
    NO_EFFECT,
    NUMBERS,
    SUPPORTED,
    WARNINGS,
)
from engine.compiler.kernel.numbers import Numbers
from engine.compiler.lower.build import (
    ONE,
    ZERO,
    as_bool,
    operate,
    sequence,
    truth,
)
from engine.compiler.lower.objects import Object
from engine.compiler.syntax import field, unwrap, word
from engine.policy.addresses import Region
from engine.policy.c_types import (
    INT,
    ULONG,
    VOID,
    ArrayType,
    LockKind,
    LockType,
    type_name,
)
from engine.policy.expressions import Constant, Expression, FieldAddress, Load, Oops, Store, TryLock
from engine.policy.integers import INTEGER_NAMES
from engine.policy.locks import LockCall, lock_call
from engine.policy.operators import BinaryOperator

_LOCK_INIT: Final = re.compile(r"(?:raw_)?spin_lock_init|mutex_init|rwlock_init|init_rwsem")
_LOCK_TEST: Final = re.compile(r"(?:raw_)?spin_is_locked|mutex_is_locked|rwsem_is_locked")


@attrs.define
class Calls(Numbers):
    """Lowers calls that need no step of their own."""

    def own_function(self, name: str) -> bool:
        """Say whether a call of that name is followed into the source."""
        if name in ENGINE_OWN or name in self.compilation.options.assume_no_effect:
            return False
        return self.compilation.function(self.names, name) is not None

    def takes_step(self, node: Node) -> bool:
        """Say whether a node is a call that has a step of its own."""
        if node.type != "call_expression":
            return False
        function = field(node, "function")
        if function.type != "identifier":
            return False
        name = word(function)
        if name == "stage2_flush_vm":
            return True
        if self.own_function(name):
            return True
        found = lock_call(name)
        return found is not None and not found.tries

    def call(self, node: Node) -> Expression:
        """Return the value of a call that needs no step of its own.

        Raises:
            PolicyError: the model does not know the function.
        """
        cast = self._cast_of_parentheses(node)
        if cast is not None:
            return cast
        name, arguments = self.callee(node), self.arguments(node)
        if name in self.compilation.options.assume_no_effect:
            if name not in self.compilation.assumed:
                self.compilation.assumed.append(name)
            return self._ignored(arguments, ZERO)
        for reader in (
            *(self._simple, self.atomic_call, self.exchange_call, self.bit_call),
            *(self._lock, self._machine, self._mask),
        ):
            value = reader(name, node, arguments)
            if value is not None:
                return value
        raise self.refusal(node, f"a call of {name}()", SUPPORTED)

    def _cast_of_parentheses(self, node: Node) -> Expression | None:
        """Return `(type)(value)`, which the grammar takes for a call."""
        function, arguments = field(node, "function"), self.arguments(node)
        named = unwrap(function)
        if function.type != "parenthesized_expression" or named.type != "identifier":
            return None
        name = word(named)
        known = name in INTEGER_NAMES or name in self.names.typedefs
        if not known or self.lookup(name) is not None or len(arguments) != 1:
            return None
        return self.fitted(node, self.scalar(arguments[0]), self.types.named(named))

    def _simple(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        if name in HINTS and len(arguments) == 1:
            return truth(self.scalar(arguments[0]))
        if name in IDENTITY and arguments:
            return self.scalar(arguments[0])
        if name == "smp_load_acquire" and len(arguments) == 1:
            return self.load(node, self.target(arguments[0], None))
        if name in ("WRITE_ONCE", "smp_store_release", "smp_store_mb"):
            self.count(node, arguments, 2)
            value = self.scalar(arguments[1])
            once = name == "WRITE_ONCE" or name == "smp_store_mb"
            thing = self.object(arguments[0]) if once else self.target(arguments[0], None)
            return sequence(self.store(node, thing, value), Constant(0, VOID))
        if name in WARNINGS and arguments:
            told = as_bool(truth(self.scalar(arguments[0])))
            return sequence(*self._evaluated(arguments[1:]), told)
        if name == "BUG_ON":
            self.count(node, arguments, 1)
            return Oops(self.scalar(arguments[0]), VOID)
        if name == "BUG":
            return Oops(ONE, VOID)
        if name in NUMBERS:
            return self._ignored(arguments, Constant(NUMBERS[name], INT))
        if name in ("IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE", "IS_MODULE"):
            return self._enabled(name, node, arguments)
        if name == "ARRAY_SIZE":
            self.count(node, arguments, 1)
            array = self.object(arguments[0]).type
            if isinstance(array, ArrayType):
                return Constant(array.length, ULONG)
            return None
        if NO_EFFECT.fullmatch(name):
            return self._ignored(arguments, Constant(0, VOID))
        return None

    def _enabled(self, name: str, node: Node, arguments: list[Node]) -> Expression:
        self.count(node, arguments, 1)
        config = word(arguments[0])
        if not config.startswith("CONFIG_"):
            raise self.refusal(node, f"`{self.short(node)}`", "a CONFIG_ name")
        return Constant(0 if name == "IS_MODULE" else self.compilation.config(config), INT)

    def _ignored(self, arguments: list[Node], result: Expression) -> Expression:
        parts = self._evaluated(arguments)
        return sequence(*parts, result) if parts else result

    def _evaluated(self, arguments: list[Node]) -> list[Expression]:
        """Return the values of arguments that go nowhere; texts and addresses are let be."""
        values = list[Expression]()
        for argument in arguments:
            inner = unwrap(argument)
            if inner.type in ("string_literal", "concatenated_string"):
                continue
            if inner.type == "identifier" and self._is_known_word(word(inner)):
                continue
            if inner.type == "pointer_expression" and word(inner.children[0]) == "&":
                self.object(field(inner, "argument"))
                continue
            if inner.type == "identifier" and self._is_object(inner):
                continue
            values.append(self.value(argument))
        return values

    def _is_known_word(self, name: str) -> bool:
        """Say whether a bare word is an option of a barrier, a log level or a function's name."""
        barrier = re.fullmatch(r"(?:inner|outer|non)?sh(?:st|ld)?|i?sh(?:st|ld)?|sy|st|ld", name)
        return self.lookup(name) is None and (
            barrier is not None or re.fullmatch(r"KERN_\w+|__func__|__FUNCTION__", name) is not None
        )

    def _is_object(self, node: Node) -> bool:
        if self.lookup(word(node)) is None and self.named_constant(node) is not None:
            return False
        return not scalar(self.variable(node).type)

    def _lock(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        found = lock_call(name)
        if found is not None and found.tries:
            self.lock_arguments(node, found, arguments)
            address = self.lock(arguments[0], found.kinds).address
            return TryLock(address, found.shared, INT)
        if _LOCK_INIT.fullmatch(name) and len(arguments) == 1:
            thing = self.lock(arguments[0], _kinds_of(name))
            return sequence(Store(thing.address, ZERO, INT), Constant(0, VOID))
        if _LOCK_TEST.fullmatch(name) and len(arguments) == 1:
            thing = self.lock(arguments[0], _kinds_of(name))
            return operate(BinaryOperator.UNEQUAL, Load(thing.address, INT), ZERO)
        return None

    def lock_arguments(self, node: Node, found: LockCall, arguments: list[Node]) -> None:
        """Check a lock function's arguments; saved interrupt flags are not modelled."""
        self.count(node, arguments, found.arguments)
        for argument in arguments[1:]:
            self.value(argument)

    def lock(self, node: Node, kinds: tuple[LockKind, ...]) -> Object:
        """Return the lock that a pointer argument points at."""
        thing = self.target(node, LockType(kinds[0]))
        mmu_lock = (
            isinstance(thing.address, FieldAddress) and thing.address.region == Region.MMU_LOCK
        )
        if not isinstance(thing.type, LockType) or not (mmu_lock or thing.type.kind in kinds):
            raise self.refusal(
                node,
                f"`{self.short(node)}`, a {type_name(thing.type)}",
                " or ".join(kind.value for kind in kinds),
            )
        return thing


def _kinds_of(name: str) -> tuple[LockKind, ...]:
    if name.startswith("raw_"):
        return (LockKind.RAW_SPIN,)
    if name.startswith("spin"):
        return (LockKind.SPIN,)
    if "mutex" in name:
        return (LockKind.MUTEX,)
    return (LockKind.RWSEM,) if "rwsem" in name else (LockKind.RWLOCK,)
