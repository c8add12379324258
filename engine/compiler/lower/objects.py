"""Names: which object a variable is, and what it holds at first."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.compiler.compilation import Compilation, Member
from engine.compiler.declarations import Declared, Types
from engine.compiler.syntax import Unit, check, children, field, word
from engine.compiler.unit import UnitNames
from engine.policy.addresses import Region, address
from engine.policy.c_types import (
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
from engine.policy.expressions import Constant, Expression
from engine.policy.integers import INTEGER_NAMES, convert
from engine.policy.source import PolicyError


@attrs.frozen
class Object:
    """What an lvalue names: an address, and the type of what is there."""

    address: Expression
    type: CType
    writable: bool = True
    invented: Member | None = None
    """The member of arch that it is, where its type is still being inferred."""
    known: Constant | None = None
    """What it always holds."""


@attrs.define
class Names:
    """Looks names up, innermost block first."""

    compilation: Compilation
    names: UnitNames
    types: Types = attrs.field(init=False)
    blocks: list[dict[str, Object]] = attrs.Factory(list)
    visiting: set[str] = attrs.Factory(set)
    function: str = ""
    """The function being lowered, as the owner of its static variables."""

    def __attrs_post_init__(self) -> None:
        """Make the reader of types, whose array sizes are expressions in turn."""
        self.types = Types(self.unit, self.names.typedefs, self.constant)

    @property
    def unit(self) -> Unit:
        """The unit whose text is being lowered."""
        return self.names.unit

    def refusal(self, node: Node, found: str, expected: str) -> PolicyError:
        """Return the error that refuses the policy for the construct at a node."""
        return self.unit.refusal(node, found, expected)

    def short(self, node: Node) -> str:
        """Return a node's text, cut to what a message can hold."""
        text = self.unit.operand_text(node)
        return text if len(text) <= 60 else f"{text[:57]}..."

    def value(self, node: Node) -> Expression:
        """Return the value of an expression."""
        raise NotImplementedError

    def constant(self, node: Node) -> Constant | None:
        """Return the value of a constant expression, or None where it is none."""
        value = self.value(node)
        return value if isinstance(value, Constant) else None

    def lookup(self, name: str) -> Object | None:
        """Return the local variable of that name, or None."""
        return next((block[name] for block in reversed(self.blocks) if name in block), None)

    def variable(self, node: Node) -> Object:
        """Return the local or global variable that a name names."""
        name = word(node)
        local = self.lookup(name)
        if local is not None:
            return local
        declared = self.names.globals.get(name)
        if declared is None and (name in self.names.typedefs or name in INTEGER_NAMES):
            raise self.refusal(
                node, f"the type `{name}` as an operand", f"`({name})(…)` if it is a cast"
            )
        if declared is None:
            raise self.refusal(
                node, f"`{name}`", "a variable, constant or macro that the source defines"
            )
        declaration, declarator = declared
        if name in self.visiting:
            raise self.refusal(node, f"`{name}` in its own declaration", "a constant")
        check(self.unit, declaration)
        self.visiting.add(name)
        try:
            return self._global(declaration, declarator)
        finally:
            self.visiting.discard(name)

    def _global(self, declaration: Node, declarator: Node) -> Object:
        base = self.types.of_specifier(declaration)
        return self.static(self.types.declared(declarator, base), "")

    def static(self, declared: Declared, owner: str) -> Object:
        """Return a variable with static storage; `owner` is the function it is local to."""
        self._check_storable(declared)
        key = (self.names.number, owner, declared.name, declared.node.start_byte)
        slot = self.compilation.keep(
            self.compilation.statics,
            key,
            declared.name,
            declared.type,
            self._initial(declared),
            self.unit.place(declared.node),
        )
        number = address(Region.STATIC, slot=slot)
        return Object(Constant(number, PointerType(declared.type)), declared.type)

    def _check_storable(self, declared: Declared) -> None:
        match declared.type:
            case StructType() | PointerType(target=PointerType()):
                raise self.refusal(
                    declared.node,
                    f"a variable of type {type_name(declared.type)}",
                    "an integer, an atomic, a lock, an array of them, or a pointer to one",
                )
            case _ if declared.type == VOID:
                raise self.refusal(declared.node, "a variable of type void", "a type with values")
            case _:
                return

    def _initial(self, declared: Declared) -> tuple[int, ...]:
        node = declared.initial
        if node is None:
            return ()
        if node.type == "initializer_list":
            items = children(node)
            if not isinstance(declared.type, ArrayType):
                zero = not items or (len(items) == 1 and word(items[0]) == "0")
                if zero:
                    return ()
                raise self.refusal(node, f"`{self.short(node)}`", "`{ 0 }` or a single value")
            if len(items) > declared.type.length:
                raise self.refusal(node, "too many initialisers", f"at most {declared.type.length}")
            return tuple(self._initial_value(item, declared.type.element) for item in items)
        return (self._initial_value(node, declared.type),)

    def _initial_value(self, node: Node, ctype: CType) -> int:
        if node.type == "call_expression" and isinstance(ctype, AtomicType | LockType):
            name, arguments = word(field(node, "function")), children(field(node, "arguments"))
            if name.endswith("_INIT") and len(arguments) == 1 and isinstance(ctype, AtomicType):
                return self._initial_value(arguments[0], ctype.value)
            if name.startswith("__") and isinstance(ctype, LockType):
                return 0
        if isinstance(ctype, IntegerType | PointerType):
            value = self.constant(node)
            if value is not None and (isinstance(ctype, IntegerType) or value.value == 0):
                return convert(value.value, ctype)
        raise self.refusal(node, f"the initialiser `{self.short(node)}`", "a constant")

    def object(self, node: Node) -> Object:
        """Return the object that an lvalue names."""
        raise NotImplementedError
