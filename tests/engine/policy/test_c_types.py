from __future__ import annotations

import pytest

from engine.policy.c_types import BOOL, INT, ULONG, VOID, ArrayType, CType, PointerType, type_name


@pytest.mark.parametrize(
    ("ctype", "name"),
    [
        (INT, "int"),
        (ULONG, "unsigned long"),
        (BOOL, "bool"),
        (VOID, "void"),
        (PointerType(INT), "int *"),
        (PointerType(PointerType(VOID)), "void **"),
        (ArrayType(INT, 3), "int[3]"),
    ],
)
def test_a_type_is_named_as_c_declares_it(ctype: CType, name: str) -> None:
    assert type_name(ctype) == name


def test_only_bool_is_one() -> None:
    assert BOOL.is_bool
    assert not INT.is_bool
