"""What is read of a policy's locals although some path to there has not assigned it."""

from __future__ import annotations

import pytest

from engine.compiler.assignment import indeterminate
from tests.engine.compiler.lines import compiled

HELPERS = """\
static bool some;
static void fills(int *at) { *at = 1; }
static void hands_on(int *at) { fills(at); }
static void looks(int *at) { if (*at) *at = 1; }
static bool may_fill(int *at) { if (some) return false; *at = 1; return true; }
static bool does_fill(int *at) { *at = 1; return true; }
static void fills_another(int *at) { int other; at = &other; *at = 1; }
static int depth(int n, int *at) { if (n) return depth(n - 1, at); *at = 1; return 2; }
"""
RETURNS = "static int gives(int n) {{ {} }}"


def _read(body: str, outside: str = HELPERS) -> list[str | None]:
    return list(dict.fromkeys(each.name for each in indeterminate(compiled(body, outside))))


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("bool x; if (x | was_enabled) barrier();", ["x"]),
        ("bool x = 0; if (x) barrier();", []),
        ("bool x; if (some) x = 1; if (x) barrier();", ["x"]),
        ("bool x; if (some) x = 1; else x = 0; if (x) barrier();", []),
        ("bool x; if (some && (x = 1)) barrier(); else if (x) barrier();", ["x"]),
        ("bool x; if (some && (x = was_enabled) && x) barrier();", []),
        ("bool x; if (!some || !(x = was_enabled)) return; if (x) barrier();", []),
        ("int x; x = some ? 1 : 2; if (x) barrier();", []),
        ("int x, y; y = some ? (x = 1) : 2; if (x) barrier();", ["x"]),
        ("int x; switch (some) { case 0: x = 1; break; default: x = 2; } if (x) ;", []),
        ("int x; switch (some) { case 0: x = 1; } if (x) ;", ["x"]),
        ("int x; do { x = 2; } while (0); if (x) barrier();", []),
        ("int x; for (;;) { x = 2; if (some) break; } if (x) barrier();", []),
        ("int x, y; for (x = 0; x < some; x++) y = x; if (y) barrier();", ["y"]),
        ("bool x; BUG_ON(!some); if (!some) barrier();", []),
        ("bool x; if (some) BUG(); else x = 1; if (x) barrier();", []),
        ("int x; x++;", ["x"]),
        ("int x; x |= 1; if (x) barrier();", ["x"]),
        ("int x; if (READ_ONCE(x)) barrier();", ["x"]),
        ("atomic_t x; if (atomic_read(&x)) barrier();", ["x"]),
        ("atomic_t x; atomic_set(&x, 1); if (atomic_read(&x)) barrier();", []),
        ("int x[2]; x[0] = 1; x[1] = 2; if (x[some]) barrier();", []),
        ("int x[2]; x[0] = 1; if (x[0]) barrier();", []),
        ("int x[2]; x[0] = 1; if (x[some]) barrier();", ["x[1]"]),
        ("int x[2]; x[some] = 1; if (x[0]) barrier();", ["x[0]"]),
        ("struct kvm_vcpu *x; int i; kvm_for_each_vcpu(i, x, vcpu->kvm) if (x->vcpu_id) ;", []),
    ],
)
def test_a_local_is_assigned_once_it_is_on_every_path(body: str, read: list[str]) -> None:
    assert _read(body) == read


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("int x; fills(&x); if (x) barrier();", []),
        ("int x; hands_on(&x); if (x) barrier();", []),
        ("int x; looks(&x); if (some) barrier();", ["x"]),
        ("int x; may_fill(&x); if (x) barrier();", ["x"]),
        ("int x; if (does_fill(&x) && x) barrier();", []),
        ("int x; fills_another(&x); if (x) barrier();", ["x", "other"]),
        ("int x; if (depth(2, &x) == x) barrier();", []),
        ("int x; int *y = &x; if (*y) barrier();", ["x"]),
        ("int x; xchg(&x, 1);", ["x"]),
    ],
)
def test_an_address_that_is_handed_on_is_assigned_through_as_far_as_that_does(
    body: str, read: list[str]
) -> None:
    assert _read(body) == read


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("if (n) return 1;", [None]),
        ("if (n) return 1; return 2;", []),
        ("if (n) return 1; BUG();", []),
        ("while (1) if (n--) return 1;", []),
    ],
)
def test_a_function_that_may_end_without_a_value_gives_any(body: str, read: list[None]) -> None:
    assert _read("if (gives(was_enabled)) barrier();", RETURNS.format(body)) == read
