"""Names: which object a variable or a member of KVM's structs is."""

from __future__ import annotations

import attrs
from tree_sitter import Node

from engine.c.addresses import Region, address
from engine.c.context import Compilation, Member, UnitNames
from engine.c.declarations import Declared, Types
from engine.c.expressions import Constant, Expression, FieldAddress
from engine.c.integers import convert
from engine.c.kernel import KVM_LOCKS, UNMODELLED_MEMBERS
from engine.c.source import PolicyError
from engine.c.syntax import Unit, check, children, field, word
from engine.c.types import (
    BOOL,
    INT,
    KVM,
    UINT,
    ULLONG,
    ULONG,
    VOID,
    ArrayType,
    AtomicType,
    CType,
    IntegerType,
    LockKind,
    LockType,
    PointerType,
    StructType,
    type_name,
)


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


MEMBERS_SUPPORTED = (
    "vcpu_id, vcpu_idx, kvm, cpu and arch of a vCPU; arch, mmu_lock and online_vcpus of a VM; "
    "hcr_el2 and members of one's own in arch"
)


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

    def member(self, node: Node) -> Object:
        """Return the object that `a->b` or `a.b` names, in KVM's structs."""
        path = list[str]()
        base: Node = node
        while base.type == "field_expression":
            path.insert(0, word(field(base, "field")))
            arrow = word(field(base, "operator")) == "->"
            base = field(base, "argument")
            if arrow:
                break
            while base.type == "parenthesized_expression":
                base = children(base)[0]
        else:
            arrow = False
        if arrow:
            pointer = self.value(base)
            if not isinstance(pointer.type, PointerType):
                raise self.refusal(
                    base, f"`{self.short(base)}`", "a pointer to struct kvm or kvm_vcpu"
                )
            holder = Object(pointer, pointer.type.target)
        else:
            holder = self.object(base)
        return self._in_struct(node, holder, tuple(path))

    def object(self, node: Node) -> Object:
        """Return the object that an lvalue names."""
        raise NotImplementedError

    def _in_struct(self, node: Node, holder: Object, path: tuple[str, ...]) -> Object:
        if not isinstance(holder.type, StructType):
            raise self.refusal(node, f"`{self.short(node)}`", "a member of struct kvm or kvm_vcpu")
        found: Object | None
        first, rest = path[0], path[1:]
        match holder.type.tag:
            case "kvm_vcpu" if first == "arch":
                inner = Object(holder.address, StructType("kvm_vcpu_arch"))
                return self._in_struct(node, inner, rest) if rest else inner
            case "kvm" if first == "arch":
                inner = Object(holder.address, StructType("kvm_arch"))
                return self._in_struct(node, inner, rest) if rest else inner
            case "kvm_vcpu":
                found = self._of_vcpu(holder, first)
            case "kvm":
                found = self._of_kvm(node, holder, first)
            case "kvm_vcpu_arch" if first == "hcr_el2":
                found = _at(holder, Region.HCR, ULONG)
            case "sys_reg_params":
                found = self._of_exit(holder, first)
            case "sys_reg_desc" if first == "reg":
                found = _at(holder, Region.EXIT_REGISTER, INT, writable=False)
            case "kvm_vcpu_arch" | "kvm_arch":
                return self._invented(node, holder, path)
            case _:
                found = None
        if found is None or rest:
            raise self.refusal(node, f"`{self.short(node)}`", MEMBERS_SUPPORTED)
        return found

    def _of_vcpu(self, holder: Object, name: str) -> Object | None:
        match name:
            case "vcpu_id" | "vcpu_idx":
                return _at(holder, Region.VCPU_ID, INT, writable=False)
            case "kvm":
                return _at(holder, Region.VCPU_KVM, PointerType(KVM), writable=False)
            case "cpu":
                return _at(holder, Region.VCPU_CPU, INT, writable=False)
            case _:
                return None

    def _of_kvm(self, node: Node, holder: Object, name: str) -> Object | None:
        if name == "mmu_lock":
            return _at(holder, Region.MMU_LOCK, LockType(LockKind.RWLOCK))
        if name == "online_vcpus":
            return _at(holder, Region.ONLINE_VCPUS, AtomicType("atomic_t", INT), writable=False)
        if name == "created_vcpus":
            return _at(holder, Region.ONLINE_VCPUS, INT, writable=False)
        if name in KVM_LOCKS:
            ctype = LockType(KVM_LOCKS[name])
            slot = self.compilation.keep(
                *(self.compilation.statics, ("kvm", name), f"kvm->{name}", ctype, ()),
                place=self.unit.place(node),
            )
            return _at(holder, Region.STATIC, ctype, slot)
        return None

    def _of_exit(self, holder: Object, name: str) -> Object | None:
        match name:
            case "regval":
                return _at(holder, Region.EXIT_VALUE, ULLONG, writable=False)
            case "is_write":
                return _always(1, BOOL)
            case "is_aarch32" | "is_32bit":
                return _always(0, BOOL)
            case "Rt":
                return _always(0, UINT)
            case _:
                return None

    def _invented(self, node: Node, holder: Object, path: tuple[str, ...]) -> Object:
        assert isinstance(holder.type, StructType)
        tag, name = holder.type.tag, ".".join(path)
        if path[0] in UNMODELLED_MEMBERS[tag]:
            raise self.refusal(
                node, f"`{self.short(node)}`, which the model lacks", MEMBERS_SUPPORTED
            )
        member = Member(tag, name)
        declared = self.names.members.get((tag, path[0])) if len(path) == 1 else None
        if declared is not None:
            base = self.types.of_specifier(declared[0])
            ctype = self.types.declared(declared[1], base).type
        else:
            ctype = self.compilation.member_type(member)
        own = tag == "kvm_vcpu_arch"
        bank = self.compilation.fields if own else self.compilation.statics
        slot = self.compilation.keep(
            *(bank, (tag, name), member.display, ctype, ()), place=self.unit.place(node)
        )
        region = Region.FIELD if own else Region.STATIC
        invented = member if declared is None else None
        return attrs.evolve(_at(holder, region, ctype, slot), invented=invented)


def _at(
    holder: Object, region: Region, ctype: CType, slot: int = 0, *, writable: bool = True
) -> Object:
    pointer = PointerType(ctype)
    return Object(FieldAddress(holder.address, region, slot, pointer), ctype, writable)


def _always(value: int, ctype: IntegerType) -> Object:
    constant = Constant(value, ctype)
    return Object(constant, ctype, writable=False, known=constant)
