"""Members of KVM's structs: those the model has, and those that the policy invents in arch."""

from __future__ import annotations

from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.compilation import Member
from engine.compiler.headers import KVM_LOCKS, UNMODELLED_MEMBERS
from engine.compiler.lower.lowering import Lowering, Object, Rules
from engine.compiler.syntax import check_preprocessed, children, field, word
from engine.policy.addresses import Region
from engine.policy.c_types import (
    BOOL,
    INT,
    KVM,
    UINT,
    ULLONG,
    ULONG,
    AtomicType,
    CType,
    IntegerType,
    LockKind,
    LockType,
    PointerType,
    StructType,
)
from engine.policy.expressions import Constant, FieldAddress

_SUPPORTED: Final = (
    "vcpu_id, vcpu_idx, kvm, cpu and arch of a vCPU; arch, mmu_lock and online_vcpus of a VM; "
    "hcr_el2 and members of one's own in arch"
)


def _member(lowering: Lowering, node: Node) -> Object:
    """Return the object that `a->b` or `a.b` names, in KVM's structs.

    Raises:
        RefusedError: no struct of KVM has it, or the model has no value for it.
    """
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
        pointer = lowering.value(base)
        if not isinstance(pointer.type, PointerType):
            raise lowering.refusal(
                base, f"`{lowering.short(base)}`", "a pointer to struct kvm or kvm_vcpu"
            )
        holder = Object(pointer, pointer.type.target)
    else:
        holder = lowering.object(base)
    return _in_struct(lowering, node, holder, tuple(path))


def _in_struct(lowering: Lowering, node: Node, holder: Object, path: tuple[str, ...]) -> Object:
    if not isinstance(holder.type, StructType):
        raise lowering.refusal(
            node, f"`{lowering.short(node)}`", "a member of struct kvm or kvm_vcpu"
        )
    found: Object | None
    first, rest = path[0], path[1:]
    match holder.type.tag:
        case "kvm_vcpu" if first == "arch":
            inner = Object(holder.address, StructType("kvm_vcpu_arch"))
            return _in_struct(lowering, node, inner, rest) if rest else inner
        case "kvm" if first == "arch":
            inner = Object(holder.address, StructType("kvm_arch"))
            return _in_struct(lowering, node, inner, rest) if rest else inner
        case "kvm_vcpu":
            found = _of_vcpu(holder, first)
        case "kvm":
            found = _of_kvm(lowering, node, holder, first)
        case "kvm_vcpu_arch" if first == "hcr_el2":
            found = _at(holder, Region.HCR, ULONG)
        case "sys_reg_params":
            found = _of_exit(holder, first)
        case "sys_reg_desc" if first == "reg":
            found = _at(holder, Region.EXIT_REGISTER, INT, writable=False)
        case "kvm_vcpu_arch" | "kvm_arch":
            return _invented(lowering, node, holder, path)
        case _:
            found = None
    if found is None or rest:
        raise lowering.refusal(node, f"`{lowering.short(node)}`", _SUPPORTED)
    return found


def _of_vcpu(holder: Object, name: str) -> Object | None:
    match name:
        case "vcpu_id" | "vcpu_idx":
            return _at(holder, Region.VCPU_ID, INT, writable=False)
        case "kvm":
            return _at(holder, Region.VCPU_KVM, PointerType(KVM), writable=False)
        case "cpu":
            return _at(holder, Region.VCPU_CPU, INT, writable=False)
        case _:
            return None


def _of_kvm(lowering: Lowering, node: Node, holder: Object, name: str) -> Object | None:
    if name == "mmu_lock":
        return _at(holder, Region.MMU_LOCK, LockType(LockKind.RWLOCK))
    if name == "online_vcpus":
        return _at(holder, Region.ONLINE_VCPUS, AtomicType("atomic_t", INT), writable=False)
    if name == "created_vcpus":
        return _at(holder, Region.ONLINE_VCPUS, INT, writable=False)
    if name in KVM_LOCKS:
        ctype = LockType(KVM_LOCKS[name])
        slot = lowering.compilation.keep(
            *(lowering.compilation.statics, ("kvm", name), f"kvm->{name}", ctype, ()),
            place=lowering.unit.place(node),
        )
        return _at(holder, Region.STATIC, ctype, slot)
    return None


def _of_exit(holder: Object, name: str) -> Object | None:
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


def _invented(lowering: Lowering, node: Node, holder: Object, path: tuple[str, ...]) -> Object:
    assert isinstance(holder.type, StructType)
    tag, name = holder.type.tag, ".".join(path)
    if path[0] in UNMODELLED_MEMBERS[tag]:
        raise lowering.refusal(node, f"`{lowering.short(node)}`, which the model lacks", _SUPPORTED)
    member = Member(tag, name)
    declared = lowering.names.members.get((tag, path[0])) if len(path) == 1 else None
    if declared is not None:
        check_preprocessed(lowering.unit, declared[0])
        if any(child.type == "bitfield_clause" for child in declared[0].children):
            raise lowering.refusal(
                node, f"`{lowering.short(node)}`, a bit-field", "a member of a whole type"
            )
        base = lowering.types.of_specifier(declared[0])
        ctype = lowering.types.declared(declared[1], base).type
    else:
        ctype = lowering.compilation.member_type(member)
    own = tag == "kvm_vcpu_arch"
    bank = lowering.compilation.fields if own else lowering.compilation.statics
    slot = lowering.compilation.keep(
        *(bank, (tag, name), member.display, ctype, ()), place=lowering.unit.place(node)
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


LVALUES: Final[Rules[Object]] = {"field_expression": _member}
