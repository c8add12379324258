from __future__ import annotations

import pytest

from engine.policy.operations import Acquire, Decide, Flush, Release, Return
from tests.engine.compiler.lines import left
from tests.engine.compiler.shapes import shape, toggle_of


def test_a_declaration_is_a_step_only_with_an_initialiser() -> None:
    assert shape(toggle_of("int a; int b = 1, c = 2; a = b;")) == [
        ("Execute", "int b = 1, c = 2;", "int b = 1, c = 2;"),
        ("Execute", "int b = 1, c = 2;", "a = b;"),
        ("Execute", "a = b;", "}"),
        ("Return", "}"),
    ]


def test_a_guard_is_released_on_every_way_out() -> None:
    lock = "static DEFINE_MUTEX(m);"
    body = "guard(mutex)(&m); if (was_enabled) return; stage2_flush_vm(vcpu->kvm);"
    kinds = [type(operation) for operation in toggle_of(body, lock).operations]
    assert kinds == [Acquire, Decide, Release, Return, Flush, Release, Return]


def test_a_scoped_guard_is_left_by_break_and_return() -> None:
    lock = "static DEFINE_SPINLOCK(l);"
    body = """scoped_guard(spinlock, &l) {
		if (was_enabled)
			break;
		if (vcpu->cpu)
			return;
	}
	was_enabled = 1;"""
    kinds = [type(operation).__name__ for operation in toggle_of(body, lock).operations]
    assert kinds == [
        *("Acquire", "Decide", "Decide", "Release", "Return", "Release", "Execute", "Return")
    ]


GUARDED = {
    "{ guard(mutex)(&l); }": 0,
    "{ guard(mutex)(&l); return; }": 0,
    "{ guard(mutex)(&l); goto out; } out: ;": 0,
    "while (1) { guard(mutex)(&l); break; }": 0,
    "while (!n++) { guard(mutex)(&l); continue; } n--;": 1,
    "for (;;) { guard(mutex)(&l); if (n++ > 2) break; } n = mutex_is_locked(&l);": 0,
    "guard(mutex)(&l); while (1) { if (n++) break; continue; } n = mutex_is_locked(&l);": 1,
    "guard(mutex)(&l); { goto in; } in: n = mutex_is_locked(&l);": 1,
    "switch (n) { case 0: { guard(mutex)(&l); break; } } n = mutex_is_locked(&l);": 0,
    "while (1) { guard(mutex)(&l); switch (1) { case 1: break; } n = mutex_is_locked(&l); break; }"
    "": 1,
    "while (1) { guard(mutex)(&l); for (int i = 0; i < 2; i++) continue; n = mutex_is_locked(&l);"
    " break; }": 1,
    "for (; n < 2; n++) { guard(mutex)(&l); switch (n) { case 0: continue; } } n = 5;": 5,
    "{ { guard(mutex)(&l); goto out; } out: n = mutex_is_locked(&l); }": 0,
    "{ { guard(mutex)(&l); { goto in; } in: n = mutex_is_locked(&l); } }": 1,
    "{ again: n++; { guard(mutex)(&l); if (n < 3) goto again; } } n += mutex_is_locked(&l);": 3,
    "scoped_guard(mutex, &l) { n = mutex_is_locked(&l); }": 1,
    "scoped_guard(mutex, &l) { break; } n = mutex_is_locked(&l);": 0,
    "scoped_guard(mutex, &l) { return; }": 0,
    "{ guard(mutex)(&l); { guard(mutex)(&m); } n = mutex_is_locked(&l) - mutex_is_locked(&m); }": 1,
    "while (!n++) { scoped_guard(mutex, &l) { continue; } } n = mutex_is_locked(&l);": 0,
}


@pytest.mark.parametrize("body", GUARDED)
def test_a_guard_is_given_up_on_every_way_out_of_its_block_and_on_none_inside(body: str) -> None:
    found = left(body, "static int n;\nstatic DEFINE_MUTEX(l);\nstatic DEFINE_MUTEX(m);")
    assert (found.get("n", 0), found["l"], found.get("m", 0)) == (GUARDED[body], 0, 0)


def test_what_is_returned_is_computed_before_the_guard_is_given_up() -> None:
    outside = """
static DEFINE_MUTEX(l);
static int n;
static int held(void) { guard(mutex)(&l); return mutex_is_locked(&l); }
static bool truth(int x) { return x; }
static void nothing(void) { return; }
static void passes(void) { return nothing(); }
static u8 cut(int x) { return x; }
"""
    found = left("n = held() + truth(256) * 10 + cut(0x164) * 100; passes();", outside)
    assert found == {"n": 10_011, "l": 0}


@pytest.mark.parametrize(
    "body",
    [
        "guard(mutex)(&l[f(1)]); n += 10 * mutex_is_locked(&l[1]);",
        "scoped_guard(mutex, &l[f(1)]) { n += 10 * mutex_is_locked(&l[1]); }",
    ],
)
def test_the_lock_of_a_guard_may_be_told_by_a_call(body: str) -> None:
    outside = "static int n; static struct mutex l[2]; static int f(int i) { n++; return i; }"
    assert left(body, outside) == {"l[0]": 0, "l[1]": 0, "n": 11}
