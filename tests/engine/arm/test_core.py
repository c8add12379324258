from __future__ import annotations

from engine.arm.core import Core

COUNTING = Core(tuple(range(100, 131)), 0b1010, 7)


def test_a_reset_core_is_all_zero_but_for_its_pc() -> None:
    assert Core.reset() == Core((0,) * 31, 0, 0)
    assert Core.reset(pc=9) == Core((0,) * 31, 0, 9)


def test_every_register_reads_what_it_holds() -> None:
    assert [COUNTING.read(n) for n in range(31)] == list(range(100, 131))


def test_register_31_reads_zero_and_drops_writes() -> None:
    assert COUNTING.read(31) == 0
    assert COUNTING.write(31, 5) == COUNTING


def test_a_write_replaces_one_register_only() -> None:
    assert COUNTING.write(30, 1) == Core((*range(100, 130), 1), 0b1010, 7)


def test_an_x_write_keeps_64_bits_and_a_w_write_zero_extends_32() -> None:
    core = Core.reset().write(1, -1)
    assert core.read(1) == 0xFFFF_FFFF_FFFF_FFFF
    assert core.read(1, wide=False) == 0xFFFF_FFFF
    assert core.write(1, -2, wide=False).read(1) == 0xFFFF_FFFE


def test_stepping_and_jumping_change_the_pc_alone() -> None:
    assert COUNTING.step() == Core(COUNTING.x, 0b1010, 8)
    assert COUNTING.jump(3) == Core(COUNTING.x, 0b1010, 3)
