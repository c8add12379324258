"""Operations on single bits, as Documentation/atomic_bitops.txt has them."""

from __future__ import annotations

import pytest

from tests.engine.compiler.lines import left, refusal

ROWS = (
    ("set_bit", 0b0100, None, 0b0110),
    ("set_bit", 0b0110, None, 0b0110),
    ("clear_bit", 0b0110, None, 0b0100),
    ("clear_bit", 0b0100, None, 0b0100),
    ("change_bit", 0b0110, None, 0b0100),
    ("change_bit", 0b0100, None, 0b0110),
    ("test_bit", 0b0110, 1, 0b0110),
    ("test_bit", 0b0101, 0, 0b0101),
    ("test_bit_acquire", 0b0110, 1, 0b0110),
    ("test_and_set_bit", 0b0100, 0, 0b0110),
    ("test_and_set_bit", 0b0110, 1, 0b0110),
    ("test_and_set_bit_lock", 0b0100, 0, 0b0110),
    ("test_and_clear_bit", 0b0110, 1, 0b0100),
    ("test_and_clear_bit", 0b0100, 0, 0b0100),
    ("test_and_change_bit", 0b0110, 1, 0b0100),
    ("test_and_change_bit", 0b0100, 0, 0b0110),
    ("__set_bit", 0b0100, None, 0b0110),
    ("__clear_bit", 0b0110, None, 0b0100),
    ("__change_bit", 0b0110, None, 0b0100),
    ("__test_and_set_bit", 0b0100, 0, 0b0110),
    ("__test_and_clear_bit", 0b0110, 1, 0b0100),
    ("__test_and_change_bit", 0b0110, 1, 0b0100),
    ("clear_bit_unlock", 0b0110, None, 0b0100),
    ("__clear_bit_unlock", 0b0110, None, 0b0100),
    ("arch_set_bit", 0b0100, None, 0b0110),
)
"""An operation on bit 1, the word before, what it gives and the word after."""


def test_a_bit_is_tested_and_changed_as_the_name_says() -> None:
    outside, lines = list[str](), list[str]()
    for n, (name, before, gives, _) in enumerate(ROWS):
        outside.append(f"static unsigned long w{n} = {before};\nstatic int gives{n};")
        call = f"{name}(1, &w{n})"
        lines.append(f"{call};" if gives is None else f"gives{n} = {call};")
    found = left("\n".join(lines), "\n".join(outside))
    assert [
        (name, before, gives if gives is None else found[f"gives{n}"], found[f"w{n}"])
        for n, (name, before, gives, _) in enumerate(ROWS)
    ] == list(ROWS)


@pytest.mark.parametrize("name", ["assign_bit", "__assign_bit"])
def test_a_bit_is_assigned_a_truth(name: str) -> None:
    outside = "static unsigned long set = 4;\nstatic unsigned long cleared = 6;"
    after = {"set": 6, "cleared": 4}
    assert left(f"{name}(1, &set, 8); {name}(1, &cleared, 0);", outside) == after
    assert left(f"{name}(1, &cleared, vcpu->vcpu_id);", outside) == {"cleared": 4}


def test_the_highest_bit_of_a_word_is_its_sign_and_nobody_elses() -> None:
    outside = "static unsigned long word;\nstatic int held;"
    body = "set_bit(63, &word); held = test_bit(63, &word) == 1;"
    assert left(body, outside) == {"word": 1 << 63, "held": 1}


def test_a_bitmap_has_64_bits_a_word() -> None:
    outside = "static DECLARE_BITMAP(seen, 130);\nstatic int held;"
    body = """
	set_bit(0, seen);
	set_bit(63, seen);
	set_bit(64, &seen[0]);
	set_bit(129, seen);
	held = test_bit(64, seen) + test_bit(129, seen) + test_bit(128, seen);
	"""
    after = {"seen[0]": 1 << 63 | 1, "seen[1]": 1, "seen[2]": 2, "held": 2}
    assert left(body, outside) == after


def test_a_word_inside_of_a_bitmap_is_only_that_word() -> None:
    outside = "static unsigned long map[2];"
    assert left("set_bit(1, &map[1]);", outside) == {"map[0]": 0, "map[1]": 2}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("set_bit(1)", "expected 2 arguments"),
        ("assign_bit(1, &word)", "expected 3 arguments"),
        ("set_bit(1, &narrow)", "expected unsigned long or an array of them"),
        ("set_bit(1, narrows)", "expected unsigned long or an array of them"),
        ("set_bit(1, word)", "expected a pointer"),
    ],
)
def test_bits_of_anything_but_unsigned_longs_are_refused(call: str, message: str) -> None:
    outside = "static unsigned long word;\nstatic int narrow;\nstatic int narrows[2];"
    assert message in refusal(f"{call};", outside)
