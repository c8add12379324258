"""Lowering of calls: the kernel functions the model knows, and which calls take a step."""

from __future__ import annotations

import re
from typing import Final

import attrs
from tree_sitter import Node

from engine.c.addresses import Region
from engine.c.atomics import Atomics
from engine.c.build import (
    ONE,
    ZERO,
    as_bool,
    chosen,
    converted,
    keeping,
    operate,
    sequence,
    truth,
)
from engine.c.declarations import scalar
from engine.c.expressions import (
    Ask,
    BinaryOperator,
    Constant,
    Expression,
    FieldAddress,
    Load,
    Oops,
    Query,
    RegisterAddress,
    Sequence,
    Store,
    TryLock,
    VcpuAddress,
)
from engine.c.integers import INTEGER_NAMES
from engine.c.kernel import (
    CAPABILITY_TESTS,
    ENGINE_OWN,
    FWB_CAPABILITY,
    IDENTITY,
    NO_EFFECT,
    NUMBERS,
    REGISTERS,
    SUPPORTED,
    WARNINGS,
)
from engine.c.locks import LockCall, lock_call
from engine.c.names import Object
from engine.c.syntax import children, field, unwrap, word
from engine.c.types import (
    BOOL,
    INT,
    KVM,
    UINT,
    ULLONG,
    ULONG,
    VCPU,
    VOID,
    ArrayType,
    LockKind,
    LockType,
    PointerType,
    type_name,
)

_VCPU_POINTER: Final = PointerType(VCPU)
_KVM_POINTER: Final = PointerType(KVM)
_LOCK_INIT: Final = re.compile(r"(?:raw_)?spin_lock_init|mutex_init|rwlock_init|init_rwsem")
_LOCK_TEST: Final = re.compile(r"(?:raw_)?spin_is_locked|mutex_is_locked|rwsem_is_locked")
_MASK: Final = re.compile(r"(BIT|BIT_ULL|GENMASK|GENMASK_ULL)")


@attrs.define
class Calls(Atomics):
    """Lowers calls that need no step of their own."""

    def callee(self, node: Node) -> str:
        """Return the name of the function that a call calls."""
        function = unwrap(field(node, "function"))
        if function.type != "identifier" or self.lookup(word(function)) is not None:
            raise self.refusal(
                node, f"the call `{self.short(node)}`", "a call of a function by name"
            )
        return word(function)

    def arguments(self, node: Node) -> list[Node]:
        """Return a call's arguments."""
        return children(field(node, "arguments"))

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
        for reader in (self._simple, self.atomic_call, self._lock, self._machine, self._mask):
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
        """Say whether a bare word is an option of a barrier or a log level."""
        barrier = re.fullmatch(r"(?:inner|outer|non)?sh(?:st|ld)?|i?sh(?:st|ld)?|sy|st|ld", name)
        return self.lookup(name) is None and (
            barrier is not None or re.fullmatch(r"KERN_\w+", name) is not None
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

    def _vcpu(self, node: Node) -> Expression:
        return self._pointer(node, _VCPU_POINTER)

    def _pointer(self, node: Node, wanted: PointerType) -> Expression:
        pointer = self.value(node)
        if pointer.type != wanted:
            raise self.refusal(
                node,
                f"`{self.short(node)}`, a {type_name(pointer.type)}",
                f"a {type_name(wanted)}",
            )
        return pointer

    def kvm(self, node: Node) -> Expression:
        """Return an argument that must be a struct kvm *."""
        return self._pointer(node, _KVM_POINTER)

    def _machine(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        if name in CAPABILITY_TESTS:
            self.count(node, arguments, 1)
            if word(arguments[0]) != FWB_CAPABILITY:
                raise self.refusal(node, f"`{self.short(node)}`", FWB_CAPABILITY)
            self.compilation.ask_fwb()
            return Ask(Query.HAS_FWB, BOOL)
        match name:
            case "read_cpuid_implementor":
                self.count(node, arguments, 0)
                self.compilation.implementor_asked = True
                return Ask(Query.IMPLEMENTOR, UINT)
            case "smp_processor_id" | "raw_smp_processor_id" | "get_cpu":
                self.count(node, arguments, 0)
                return Ask(Query.CURRENT_PCPU, INT)
            case "kvm_get_running_vcpu":
                self.count(node, arguments, 0)
                return Ask(Query.CURRENT_VCPU, _VCPU_POINTER)
            case "kvm_get_vcpu":
                self.count(node, arguments, 2)
                self.kvm(arguments[0])
                return self.vcpu_at(self.integer(arguments[1]))
            case "vcpu_has_cache_enabled":
                self.count(node, arguments, 1)
                return self._caches_enabled(self._vcpu(arguments[0]))
            case "vcpu_get_hcr":
                self.count(node, arguments, 1)
                return Load(_hcr(self._vcpu(arguments[0])), ULONG)
            case "vcpu_set_hcr":
                self.count(node, arguments, 2)
                value = converted(self.integer(arguments[1]), ULONG)
                store = Store(_hcr(self._vcpu(arguments[0])), value, ULONG)
                return sequence(store, Constant(0, VOID))
            case "vcpu_hcr":
                self.count(node, arguments, 1)
                return _hcr(self._vcpu(arguments[0]))
            case "vcpu_pc":
                self.count(node, arguments, 1)
                return FieldAddress(self._vcpu(arguments[0]), Region.PC, 0, PointerType(ULONG))
            case "vcpu_read_sys_reg" | "vcpu_write_sys_reg" | "vcpu_sys_reg" | "__vcpu_sys_reg":
                return self._register(name, node, arguments)
            case "get_access_mask":
                return self._access_mask(node, arguments)
            case "vcpu_get_reg":
                self.count(node, arguments, 2)
                return self._transferred(node, arguments)
            case "vcpu_cp15" | "vcpu_cp15_64_low" | "vcpu_cp15_64_high":
                raise self.refusal(
                    node, f"{name}()", "64-bit guests, whose registers are vcpu_sys_reg()"
                )
            case _:
                return None

    def vcpu_at(self, index: Expression) -> Expression:
        """Return kvm_get_vcpu(): the vCPU of an index, NULL where there is none."""
        return VcpuAddress(converted(index, ULONG), _VCPU_POINTER)

    def _caches_enabled(self, vcpu: Expression) -> Expression:
        on = Constant(0b101, ULLONG)
        sctlr = Load(_register_address(vcpu, 1), ULLONG)
        both = operate(BinaryOperator.AND, sctlr, on)
        return as_bool(operate(BinaryOperator.EQUAL, both, on))

    def _register(self, name: str, node: Node, arguments: list[Node]) -> Expression:
        writes = name == "vcpu_write_sys_reg"
        self.count(node, arguments, 3 if writes else 2)
        address = self._register_of(arguments[0], arguments[-1])
        if not writes:
            return Load(address, ULLONG)
        value = converted(self.integer(arguments[1]), ULLONG)
        return sequence(Store(address, value, ULLONG), Constant(0, VOID))

    def _register_of(self, vcpu: Node, register: Node) -> Expression:
        pointer, number = self._vcpu(vcpu), self.integer(register)
        if isinstance(number, Constant):
            if not 1 <= number.value <= len(REGISTERS):
                raise self.refusal(
                    register, f"register {self.short(register)}", "an EL1 register's name"
                )
            return _register_address(pointer, number.value)
        return RegisterAddress(pointer, number, PointerType(ULLONG))

    def called_object(self, node: Node) -> Object:
        """Return the object that a call names: a system register, by the old accessors."""
        name, arguments = self.callee(node), self.arguments(node)
        if name in ("vcpu_sys_reg", "__vcpu_sys_reg") and len(arguments) == 2:
            return Object(self._register_of(*arguments), ULLONG)
        if name.startswith("vcpu_cp15"):
            self.call(node)
        if name in ("READ_ONCE", "ACCESS_ONCE") and len(arguments) == 1:
            return self.object(arguments[0])
        raise self.refusal(node, f"`{self.short(node)}`", "a variable, a member or `*pointer`")

    def _access_mask(self, node: Node, arguments: list[Node]) -> Expression:
        """Return get_access_mask() for a 64-bit guest: all bits, shifted by none."""
        self.count(node, arguments, 3)
        mask, shift = self.target(arguments[1], ULLONG), self.target(arguments[2], ULLONG)
        self.value(arguments[0])
        every = self.store(node, mask, Constant((1 << 64) - 1, ULLONG))
        none = self.store(node, shift, Constant(0, ULLONG))
        return Sequence((every, none, Constant(0, VOID)), VOID)

    def _transferred(self, node: Node, arguments: list[Node]) -> Expression:
        """Return the value of the register that the trapped instruction transfers."""
        register = unwrap(arguments[1])
        if register.type == "field_expression" and word(field(register, "field")) == "Rt":
            exit_pointer = self.value(field(register, "argument"))
            address = FieldAddress(exit_pointer, Region.EXIT_VALUE, 0, PointerType(ULONG))
            return Load(address, ULONG)
        raise self.refusal(node, f"`{self.short(node)}`", "the register p->Rt")

    def value(self, node: Node) -> Expression:
        """Return the value of an expression; `*vcpu_reg(vcpu, p->Rt)` is what is written."""
        if node.type == "pointer_expression" and word(node.children[0]) == "*":
            argument = unwrap(field(node, "argument"))
            if argument.type == "call_expression" and word(field(argument, "function")) in (
                "vcpu_reg",
            ):
                return self._transferred(argument, self.arguments(argument))
        return super().value(node)

    def _mask(self, name: str, node: Node, arguments: list[Node]) -> Expression | None:
        if name in ("min", "max", "min_t", "max_t"):
            return self._extreme(name, node, arguments)
        if not _MASK.fullmatch(name):
            return None
        wide = ULLONG if name.endswith("_ULL") else ULONG
        if name.startswith("BIT"):
            self.count(node, arguments, 1)
            bit = self.integer(arguments[0])
            if isinstance(bit, Constant) and not 0 <= bit.value < 64:
                raise self.refusal(node, f"`{self.short(node)}`", "a bit from 0 to 63")
            return operate(BinaryOperator.SHIFT_LEFT, Constant(1, wide), bit)
        self.count(node, arguments, 2)
        high, low = self.constant(arguments[0]), self.constant(arguments[1])
        if high is None or low is None or not 0 <= low.value <= high.value < 64:
            raise self.refusal(node, f"`{self.short(node)}`", "constants, 63 >= high >= low >= 0")
        return Constant((1 << (high.value + 1)) - (1 << low.value), wide)

    def _extreme(self, name: str, node: Node, arguments: list[Node]) -> Expression:
        typed = name.endswith("_t")
        self.count(node, arguments, 3 if typed else 2)
        left, right = self.integer(arguments[-2]), self.integer(arguments[-1])
        if typed:
            ctype = self.types.named(arguments[0])
            left, right = converted(left, ctype), converted(right, ctype)
        compare = BinaryOperator.LESS if name.startswith("min") else BinaryOperator.GREATER

        def body(one: Expression) -> Expression:
            return keeping(
                self.compilation.fresh(),
                right,
                lambda other: chosen(operate(compare, one, other), one, other),
            )

        return keeping(self.compilation.fresh(), left, body)


def _hcr(vcpu: Expression) -> Expression:
    return FieldAddress(vcpu, Region.HCR, 0, PointerType(ULONG))


def _register_address(vcpu: Expression, number: int) -> Expression:
    return FieldAddress(vcpu, Region.SYSTEM_REGISTER, number, PointerType(ULLONG))


def _kinds_of(name: str) -> tuple[LockKind, ...]:
    if name.startswith("raw_"):
        return (LockKind.RAW_SPIN,)
    if name.startswith("spin"):
        return (LockKind.SPIN,)
    if "mutex" in name:
        return (LockKind.MUTEX,)
    return (LockKind.RWSEM,) if "rwsem" in name else (LockKind.RWLOCK,)
