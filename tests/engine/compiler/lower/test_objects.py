from __future__ import annotations

import pytest

from tests.engine.compiler.lines import compiled, refusal, values


def test_state_that_begins_with_a_value_begins_with_it() -> None:
    outside = """
static int a = 3, b = -1;
static int c[3] = { 1, 2 };
static atomic_t d = ATOMIC_INIT(4);
static bool e = 7;
static u8 f = 300;
static struct kvm_vcpu *g = NULL;
static int h = { 0 };
static DEFINE_SPINLOCK(i);
static spinlock_t j = __SPIN_LOCK_UNLOCKED(j);
"""
    body = "int x = a + b + c[0] + atomic_read(&d) + e + f + !g + h; spin_lock(&i); spin_lock(&j);"
    policy = compiled(body, outside)
    assert {variable.name: variable.initial for variable in policy.statics} == {
        "a": 3,
        "b": -1,
        "c[0]": 1,
        "c[1]": 2,
        "c[2]": 0,
        "d": 4,
        "e": 1,
        "f": 44,
        "g": 0,
        "h": 0,
        "i": 0,
        "j": 0,
    }


@pytest.mark.parametrize(
    ("outside", "message"),
    [
        ("static int n = { 1, 2 };", "expected `{ 0 }` or a single value"),
        ("static int n[2] = { 1, 2, 3 };", "at most 2"),
        ("static int m; static int n = m;", "found the initialiser `m`; expected a constant"),
        ("static atomic_t n = 3;", "found the initialiser `3`; expected a constant"),
        ("static spinlock_t n = 0;", "found the initialiser `0`; expected a constant"),
        ("static spinlock_t n = __FREE;", "found the initialiser `__FREE`; expected a constant"),
        ("static int n = n;", "found `n` in its own declaration"),
        ("static struct kvm n;", "a variable of type struct kvm"),
        ("static struct kvm **n;", "a variable of type struct kvm **"),
        ("static void n;", "found a variable of type void"),
        ("static int n[0];", "a constant from 1 to 512"),
        ("static int n[513];", "a constant from 1 to 512"),
        ("static int n[2][2];", "an array of one dimension"),
        ("static struct frob n;", "found the type `struct frob`"),
    ],
)
def test_state_that_cannot_be_is_refused(outside: str, message: str) -> None:
    assert message in refusal("if (&n) return; int x = n;", outside)


def test_a_name_of_an_enum_is_one_more_than_the_one_before_unless_it_says_otherwise() -> None:
    outside = """
enum turn { FIRST, SECOND = 5, /* comes next */ THIRD, FOURTH = SECOND * 2, LAST };
enum { LOW = -3, ZERO = LOW + 3, ONE };
"""
    told = {"FIRST": 0, "SECOND": 5, "THIRD": 6, "FOURTH": 10, "LAST": 11}
    told |= {"LOW": -3, "ZERO": 0, "ONE": 1}
    assert values(told, outside=outside) == told
