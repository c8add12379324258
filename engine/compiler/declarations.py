"""Declarations: which type a specifier and a declarator name, and what they initialise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.headers import ATOMIC_TYPES, LOCK_TYPES
from engine.compiler.syntax import Unit, check_preprocessed, children, field, word
from engine.policy.c_types import (
    CHAR,
    INT,
    LLONG,
    LONG,
    SCHAR,
    SHORT,
    UCHAR,
    UINT,
    ULLONG,
    ULONG,
    USHORT,
    VOID,
    ArrayType,
    AtomicType,
    CType,
    IntegerType,
    LockType,
    PointerType,
    StructType,
    type_name,
)
from engine.policy.expressions import Constant
from engine.policy.integers import INTEGER_NAMES

MAX_ARRAY: Final = 512
"""Elements that an array may have."""

STRUCT_TAGS: Final = frozenset(
    {"kvm", "kvm_vcpu", "kvm_arch", "kvm_vcpu_arch", "sys_reg_params", "sys_reg_desc"}
)

TYPES_SUPPORTED: Final = (
    "an integer type, bool, an enum, atomic_t and kin, a lock, struct kvm * or struct kvm_vcpu *"
)


@attrs.frozen
class Declared:
    """One declarator: a name, its type, and the node of its initialiser if it has one."""

    name: str
    type: CType
    node: Node
    initial: Node | None


@attrs.frozen
class Types:
    """What type names mean in a unit."""

    unit: Unit
    typedefs: Mapping[str, Node]
    """The type_definition of a name."""
    constant: Callable[[Node], Constant | None]
    """Evaluates a constant expression."""

    def of_specifier(self, holder: Node, depth: int = 0) -> CType:
        """Return the type that the specifiers of a declaration name.

        Raises:
            RefusedError: there is none, or it is not supported.
        """
        node = field(holder, "type")
        if node == holder:
            raise self.unit.refusal(holder, "a declaration without a type", TYPES_SUPPORTED)
        match node.type:
            case "primitive_type" | "type_identifier":
                return self.named(node, depth)
            case "sized_type_specifier":
                return self._sized(node)
            case "enum_specifier":
                return UINT
            case "struct_specifier" if (name := node.child_by_field_name("name")) is not None:
                tag = word(name)
                if tag in STRUCT_TAGS:
                    return StructType(tag)
                if tag in LOCK_TYPES:
                    return LockType(LOCK_TYPES[tag])
        raise self.unit.refusal(node, f"the type `{self.unit.text(node)}`", TYPES_SUPPORTED)

    def named(self, node: Node, depth: int = 0) -> CType:
        """Return the type that a single name names.

        Raises:
            RefusedError: it is not supported.
        """
        name = word(node)
        if name == "void":
            return VOID
        definition = self.typedefs.get(name)
        if definition is not None and depth < 8:
            check_preprocessed(self.unit, definition)
            declarator = field(definition, "declarator")
            base = self.of_specifier(definition, depth + 1)
            return self.declared(declarator, base).type
        if name in INTEGER_NAMES:
            return INTEGER_NAMES[name]
        if name in ATOMIC_TYPES:
            return ATOMIC_TYPES[name]
        if name in LOCK_TYPES:
            return LockType(LOCK_TYPES[name])
        raise self.unit.refusal(node, f"the type `{name}`", TYPES_SUPPORTED)

    def _sized(self, node: Node) -> IntegerType:
        words = sorted(word(child) for child in node.children if child.type != "comment")
        unsigned = "unsigned" in words
        core = tuple(w for w in words if w not in ("signed", "unsigned", "int"))
        table: Mapping[tuple[str, ...], tuple[IntegerType, IntegerType]] = {
            (): (INT, UINT),
            ("char",): (SCHAR if "signed" in words else CHAR, UCHAR),
            ("short",): (SHORT, USHORT),
            ("long",): (LONG, ULONG),
            ("long", "long"): (LLONG, ULLONG),
        }
        if core not in table:
            raise self.unit.refusal(node, f"the type `{self.unit.text(node)}`", TYPES_SUPPORTED)
        return table[core][unsigned]

    def declared(self, declarator: Node, base: CType) -> Declared:
        """Return the name and the type that a declarator makes of a base type.

        Raises:
            RefusedError: it is no declarator that is supported.
        """
        initial: Node | None = None
        ctype, sizes, node = base, list[Node](), declarator
        while True:
            match node.type:
                case "init_declarator":
                    initial = field(node, "value")
                case "pointer_declarator" | "abstract_pointer_declarator":
                    ctype = PointerType(ctype)
                case "array_declarator":
                    sizes.append(node)
                case "identifier" | "field_identifier" | "type_identifier":
                    return Declared(word(node), self._arrayed(ctype, sizes), declarator, initial)
                case "parenthesized_declarator" if len(children(node)) == 1:
                    node = children(node)[0]
                    continue
                case _:
                    raise self.unit.refusal(
                        node, f"`{self.unit.text(node)}`", "a plain declaration"
                    )
            inner = node.child_by_field_name("declarator")
            if inner is None:
                return Declared("", self._arrayed(ctype, sizes), declarator, initial)
            node = inner

    def _arrayed(self, ctype: CType, sizes: list[Node]) -> CType:
        if not sizes:
            return ctype
        size = sizes[0].child_by_field_name("size")
        if len(sizes) > 1 or size is None:
            raise self.unit.refusal(
                sizes[0], "this array", "an array of one dimension and known size"
            )
        length = self.constant(size)
        if length is None or not 0 < length.value <= MAX_ARRAY:
            raise self.unit.refusal(size, "this array size", f"a constant from 1 to {MAX_ARRAY}")
        if isinstance(ctype, ArrayType | StructType):
            raise self.unit.refusal(sizes[0], f"an array of {type_name(ctype)}", TYPES_SUPPORTED)
        return ArrayType(ctype, length.value)


def declarators(node: Node) -> Iterator[Node]:
    """Yield the declarators of a declaration, a field or a typedef."""
    for index, child in enumerate(node.children):
        if node.field_name_for_child(index) == "declarator":
            yield child


def has_storage(node: Node, keyword: str) -> bool:
    """Say whether a declaration has a storage class, such as `static`, by its own word."""
    return any(c.type == "storage_class_specifier" and word(c) == keyword for c in node.children)


def width_in_bytes(ctype: CType) -> int | None:
    """Return sizeof an integer type, pointer or atomic, or None for what has no size here."""
    if isinstance(ctype, IntegerType):
        return ctype.bits // 8
    if isinstance(ctype, AtomicType):
        return ctype.value.bits // 8
    if isinstance(ctype, PointerType):
        return 8
    if isinstance(ctype, ArrayType):
        element = width_in_bytes(ctype.element)
        return None if element is None else element * ctype.length
    return None


def is_scalar(ctype: CType) -> bool:
    """Say whether values of a type can be computed with."""
    return isinstance(ctype, IntegerType | PointerType)
