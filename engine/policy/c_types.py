"""The C types a policy can use: integers, pointers, atomics, locks, arrays and KVM's structs."""

from __future__ import annotations

from enum import Enum, unique
from typing import Final, TypeAlias

import attrs


@attrs.frozen
class IntegerType:
    """An integer type of arm64's LP64 ABI, where plain char is unsigned."""

    name: str
    bits: int
    signed: bool
    rank: int
    """The conversion rank (C11 6.3.1.1): bool 0, char 1, short 2, int 3, long 4, long long 5."""

    @property
    def is_bool(self) -> bool:
        """Say whether it is bool, to which every nonzero value converts as 1."""
        return self.rank == 0


@attrs.frozen
class VoidType:
    """No value."""


@attrs.frozen
class PointerType:
    """A pointer to an object the model knows."""

    target: CType


@attrs.frozen
class AtomicType:
    """atomic_t, atomic64_t, atomic_long_t or refcount_t."""

    name: str
    value: IntegerType


@unique
class LockKind(Enum):
    """The kinds of lock, by the kernel's own names for the types."""

    SPIN = "spinlock_t"
    RAW_SPIN = "raw_spinlock_t"
    MUTEX = "struct mutex"
    RWLOCK = "rwlock_t"
    RWSEM = "struct rw_semaphore"


@attrs.frozen
class LockType:
    """A lock."""

    kind: LockKind


@attrs.frozen
class ArrayType:
    """An array of integers, atomics, locks or pointers, of constant length."""

    element: CType
    length: int


@attrs.frozen
class StructType:
    """One of KVM's own structures, by its tag."""

    tag: str


CType: TypeAlias = (
    IntegerType | VoidType | PointerType | AtomicType | LockType | ArrayType | StructType
)

BOOL: Final = IntegerType("bool", 8, False, 0)
CHAR: Final = IntegerType("char", 8, False, 1)
SCHAR: Final = IntegerType("signed char", 8, True, 1)
UCHAR: Final = IntegerType("unsigned char", 8, False, 1)
SHORT: Final = IntegerType("short", 16, True, 2)
USHORT: Final = IntegerType("unsigned short", 16, False, 2)
INT: Final = IntegerType("int", 32, True, 3)
UINT: Final = IntegerType("unsigned int", 32, False, 3)
LONG: Final = IntegerType("long", 64, True, 4)
ULONG: Final = IntegerType("unsigned long", 64, False, 4)
LLONG: Final = IntegerType("long long", 64, True, 5)
ULLONG: Final = IntegerType("unsigned long long", 64, False, 5)
VOID: Final = VoidType()

VCPU: Final = StructType("kvm_vcpu")
KVM: Final = StructType("kvm")
EXIT_PARAMETERS: Final = StructType("sys_reg_params")
REGISTER_DESCRIPTION: Final = StructType("sys_reg_desc")


def type_name(ctype: CType) -> str:
    """Return a type as C spells it."""
    match ctype:
        case IntegerType(name) | AtomicType(name):
            return name
        case VoidType():
            return "void"
        case PointerType(target):
            inner = type_name(target)
            return f"{inner}*" if inner.endswith("*") else f"{inner} *"
        case LockType(kind):
            return kind.value
        case ArrayType(element, length):
            return f"{type_name(element)}[{length}]"
        case StructType(tag):
            return f"struct {tag}"
