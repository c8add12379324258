from __future__ import annotations

from tests.engine.compiler.lines import left

CHANGED = {
    "n = 9": (9, 9),
    "n += 2": (9, 9),
    "n -= 2": (5, 5),
    "n *= 2": (14, 14),
    "n /= 2": (3, 3),
    "n %= 4": (3, 3),
    "n <<= 2": (28, 28),
    "n >>= 1": (3, 3),
    "n &= 3": (3, 3),
    "n |= 8": (15, 15),
    "n ^= 2": (5, 5),
    "n++": (7, 8),
    "++n": (8, 8),
    "n--": (7, 6),
    "--n": (6, 6),
    "(n)++": (7, 8),
    "n = n++ + 1": (8, 8),
    "n += 256": (7, 7),
    "n -= 8": (255, 255),
    "n = -1": (255, 255),
    "!n++": (0, 8),
    "-n++": (-7, 8),
    "~--n": (-7, 6),
}
"""What an expression is worth, and what it leaves in a u8 that held 7."""


def test_an_assignment_is_worth_what_it_leaves_and_an_update_what_it_says() -> None:
    found = {
        line: left(f"gives = ({line});", "static u8 n = 7;\nstatic s64 gives;") for line in CHANGED
    }
    assert found == {line: {"n": n, "gives": gives} for line, (gives, n) in CHANGED.items()}
