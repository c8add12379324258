"""Cores on which single instructions are computed, with a few registers set."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.arm.a64.data_processing import ArithmeticOperation
from engine.arm.core import Core


def core(x1: int = 0, x2: int = 0, nzcv: int = 0) -> Core:
    return Core((0, x1, x2, *(0,) * 28), nzcv, 10)


def after(x0: int, x1: int = 0, x2: int = 0, nzcv: int = 0) -> Core:
    return Core((x0, x1, x2, *(0,) * 28), nzcv, 11)


ADD, SUB = ArithmeticOperation.ADD, ArithmeticOperation.SUB


TOP = 1 << 63


corners = st.sampled_from((0, 1, 2, 0x7FFF_FFFF, 1 << 31, 0xFFFF_FFFF, TOP - 1, TOP, 2**64 - 1))


values = corners | st.integers(0, 2**64 - 1)


def signed(value: int, width: int) -> int:
    return int.from_bytes(value.to_bytes(width // 8, "big"), "big", signed=True)
