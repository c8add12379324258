"""Calls of what nobody knows, and what looks like a call."""

from __future__ import annotations

from tests.engine.compiler.lines import refusal, values


def test_a_function_that_nobody_knows_is_refused() -> None:
    for name in ("frob", "kvm_arch_do", "smp_mbx", "spin_lock_frob", "xprintk", "WARN_OFF"):
        assert f"found a call of {name}()" in refusal(f"{name}(vcpu);")


def test_a_type_in_brackets_before_brackets_is_a_cast() -> None:
    expected = {"(u8)(0x1ff)": 0xFF, "(byte)(0x2fe)": 0xFE, "(s8)(0xff)": -1}
    assert values(expected, "", "typedef u8 byte;") == expected


def test_what_a_call_gives_cannot_be_called() -> None:
    assert "the call `f(1)(2)`; expected a call of a function by name" in refusal("f(1)(2);")
