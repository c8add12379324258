"""Statements: which of them run, how often, and in which order."""

from __future__ import annotations

import pytest

from engine.machine.effects import FlushBegun, FlushEnded
from tests.engine.build import machine
from tests.engine.compiler.lines import compiled, left, refusal
from tests.engine.kvm.toggling import run, toggle

OUTSIDE = "static int n;\nstatic int f(int i) { n++; return i; }\n"

RUNS = {
    "if (vcpu) n = 1; else n = 2;": 1,
    "if (!vcpu) n = 1; else n = 2;": 2,
    "if (vcpu->vcpu_id) n = 1;": 0,
    "if (1) n = 1; else n = 2;": 1,
    "if (0) n = 1; else n = 2;": 2,
    "if (0) n = 1; else if (1) n = 2; else n = 3;": 2,
    "if (f(0)) n += 10; else n += 20;": 21,
    "if (f(1) && f(0)) n += 10;": 2,
    "if (f(0) && f(1)) n += 10;": 1,
    "if (f(1) || f(1)) n += 10;": 11,
    "if (f(0) || f(1)) n += 10;": 12,
    "if (!f(0)) n += 10;": 11,
    "if (!(f(1) && f(1))) n += 10;": 2,
    "n = f(1) && f(0) ? 10 : 20;": 20,
    "n += (f(1) && f(1)) * 10;": 12,
    "int x = n++ && f(1); n += x;": 1,
    "n += f(1) ? f(10) : f(20);": 12,
    "n += f(0) ? 10 : 20;": 21,
    "n += f(0) ? f(10) : 20;": 21,
    "int x = (f(1), f(5)); n += x;": 7,
    "f(1), f(2);": 2,
    "n++, f(2);": 2,
    "int x = 0, y = 0; x = 5, y = f(2); n += x * y;": 11,
    "int x = 0, y = 0; x = f(5), y = 2; n += x * y;": 11,
    "int x = 0, y = 0; (x = f(5)), (y = f(2)), n += x * y;": 12,
    "int x = 0, y = 0; int z = (x = f(5), y = f(2)); n += x * y + z;": 14,
    "int x; for (x = f(1), n = 5; x < 3; x++, n += f(0)) ;": 7,
    "int x = 1; if (f(0), x = f(3)) n += x;": 5,
    "int x = 0; vcpu ? (n++, x = f(2)) : (x = f(7)); n += x;": 4,
    "int x = 0; n = (x = f(3)) ? x : 9;": 3,
    "int x = 0, y = vcpu ? (x += f(2)) : 0; n += x * 10 + y;": 23,
    "int x = 0, y = vcpu ? f(2) + x++ : 0; n += x * 10 + y;": 13,
    "int x = 0; (void)(x = f(3)); n += x;": 4,
    "int x = 0; !(x = f(3)); n += x;": 4,
    "int x = 0; f(0) || (x = f(3)); n += x;": 5,
    "int x = 0; f(1) && (x = 7); n += x;": 8,
    "static int a[2]; a[f(1)] = f(5); n += a[1];": 7,
    "int x = 0; x += f(3) + f(4); n += x;": 9,
    "int x = 5; x -= f(3); n += x;": 3,
    "int x = f(3), y = x + f(2); n += y;": 7,
    "switch (f(1) + f(2)) { case 3: n += 10; }": 12,
    "int x = f(f(3) + f(1)); n += x;": 7,
    "while (f(1) && n < 3) ;": 3,
    "do ; while (f(1) && n < 3);": 3,
    "(void)f(1);": 1,
    "n = f(f(f(5)));": 5,
    "n = f(1) + f(2) * f(3);": 7,
    "while (n < 3) n++;": 3,
    "while (1) { if (n == 4) break; n++; }": 4,
    "while (0) n++;": 0,
    "while (true) { n++; break; }": 1,
    "do n++; while (n < 3);": 3,
    "do n++; while (0);": 1,
    "do { n++; if (n < 3) continue; break; } while (n < 9);": 3,
    "do { n++; continue; } while (n < 2);": 2,
    "for (int i = 0; i < 3; i++) n += i;": 3,
    "int i; for (i = 5; i; i--) n++;": 5,
    "for (;;) { if (++n == 3) break; }": 3,
    "for (int i = 0; i < 9; i++) { if (i & 1) continue; n++; }": 5,
    "for (int i = 0; f(i) < 2; i++) n += 10;": 23,
    "for (int i = f(1); i < 3; i += f(1)) n += 10;": 23,
    "for (int i = 0; 1; i++) { if (i == 2) return; n = i; }": 1,
    "for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) { if (j == 2) break; n++; }": 6,
    "int n2 = 2; { int n2 = 5; n += n2; } n += n2;": 7,
    "switch (vcpu->vcpu_id) { case 0: n = 1; break; case 1: n = 2; }": 1,
    "switch (2) { case 0: n = 1; break; default: n = 2; }": 2,
    "switch (2) { case 0: n = 1; }": 0,
    "switch (1) { case 1: n++; case 2: n++; break; case 3: n++; }": 2,
    "switch (5) { case 1 ... 4: n = 1; break; case 5 ... 9: n = 2; break; }": 2,
    "switch (4) { case 1 ... 4: n = 1; break; case 5 ... 9: n = 2; break; }": 1,
    "switch (1) { case 1: fallthrough; case 2: n = 7; }": 7,
    "switch (f(3)) { case 3: n += 10; }": 11,
    "switch ((u8)256) { case 256 & 0xff: n = 4; }": 4,
    "for (int i = 0; i < 3; i++) { switch (i) { case 1: continue; } n++; }": 2,
    "for (int i = 0; i < 3; i++) { switch (i) { case 1: break; } n++; }": 3,
    "goto out; n = 5; out: n++;": 1,
    "again: n++; if (n < 3) goto again;": 3,
    "if (0) { in: n = 5; } if (!n) goto in;": 5,
    "return; n = 5;": 0,
    "if (vcpu) return; n = 5;": 0,
    ";": 0,
    "{}": 0,
    "{ n = 3; }": 3,
    "static int s = 3; n = s++;": 3,
    "int a[3]; a[1] = 4; a[2] = 5; n = a[1] * 10 + a[2];": 45,
    "atomic_t a; atomic_set(&a, 4); n = atomic_inc_return(&a);": 5,
    "spinlock_t l; spin_lock_init(&l); n = !spin_is_locked(&l);": 1,
    "__attribute__((unused)) int x = 3; n = x;": 3,
}


@pytest.mark.parametrize("body", RUNS)
def test_statements_run_in_cs_order(body: str) -> None:
    assert left(f"n = 0; {body}", OUTSIDE)["n"] == RUNS[body]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("while (1) { n++; if (n) break; }", ["n++;", "n++;", "n", "}"]),
        ("while (n) n++;", ["n", "n", "n++;", "}"]),
        ("do n++; while (0);", ["n++;", "}"]),
        ("do n++; while (n);", ["n++;", "n++;", "n", "}"]),
        ("for (; 1; n++) if (n) break;", ["n", "n", "n++", "}"]),
        ("if (1) n++; else n--;", ["1", "n++;", "}"]),
        ("goto out; out: n++;", ["n++;", "}"]),
    ],
)
def test_a_step_is_shown_for_what_is_decided_and_done_and_for_nothing_else(
    body: str, texts: list[str]
) -> None:
    policy = compiled(body, "static int n;")
    assert policy.toggle is not None
    assert [each.text for each in policy.functions[policy.toggle].operations] == texts


def test_every_vcpu_is_visited_and_the_loop_can_be_left_and_gone_on_with() -> None:
    head = "struct kvm_vcpu *v; unsigned long i; kvm_for_each_vcpu(i, v, vcpu->kvm)"
    outside = "static int n;\nstatic int m;"
    assert left(f"{head} n = n * 10 + v->vcpu_id + 1; m = i;", outside) == {"n": 12, "m": 2}
    assert left(f"{head} {{ n++; break; }} m = i;", outside) == {"n": 1, "m": 0}
    assert left(f"{head} {{ if (v == vcpu) continue; n++; }} m = i;", outside) == {"n": 1, "m": 2}
    assert "expected an integer, a struct kvm_vcpu * and a kvm" in refusal(
        "int v; int i; kvm_for_each_vcpu(i, v, vcpu->kvm) ;"
    )
    assert "expected an integer, a struct kvm_vcpu * and a kvm" in refusal(
        "struct kvm_vcpu *v, *i; kvm_for_each_vcpu(i, v, vcpu->kvm) ;"
    )


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
    ("body", "message"),
    [
        ("break;", "outside of a loop"),
        ("continue;", "outside of a loop"),
        ("switch (n) { case 1: continue; }", "outside of a loop"),
        ("case 1: n = 1;", "a case outside of a switch"),
        ("switch (n) { case 1: case 1: ; }", "`case 1` twice"),
        ("switch (n) { case 1 ... 4: case 3: ; }", "`case 3` twice"),
        ("switch (n) { case 3: case 1 ... 4: ; }", "`case 1` twice"),
        ("switch (n) { case n: ; }", "expected a constant"),
        ("switch (n) { case 1 ... n: ; }", "expected a constant"),
        ("switch (vcpu) { case 0: ; }", "`; expected an integer"),
        ("goto nowhere;", "a label of the same function"),
        ("return 5;", "expected a result of void"),
        ("return n;", "expected a result of void"),
        ("if (n) guard(mutex)(&l);", "without braces"),
        ("guard(frob)(&l);", "a guard of class 'frob'"),
        ("int a[2] = { 1, 2 };", "an array of numbers without initialiser"),
        ("int a = { 1 };", "expected a value"),
        ("struct kvm k;", "a local variable of type struct kvm"),
        ("asm(\"nop\");", "found `asm"),
        ("int m; n = m = frob();", "a call of frob()"),
        ("n = f(1) ?: 2;", "both values of ?: written out"),
        ("f();", "expected 1 arguments"),
        ("f(vcpu);", "where int stands"),
        ("stage2_flush_vm();", "expected 1 arguments"),
        ("stage2_flush_vm(vcpu);", "expected a struct kvm *"),
    ],
)  # fmt: skip
def test_a_statement_that_makes_no_sense_is_refused(body: str, message: str) -> None:
    assert message in refusal(body, f"{OUTSIDE}static DEFINE_MUTEX(l);")


def test_a_function_that_ends_without_a_result_gives_nothing() -> None:
    outside = "static int n = 9;\nstatic int f(void) { n = 5; }\n"
    assert left("n = f();", outside) == {"n": 0}


@pytest.mark.parametrize(
    "body",
    [
        "stage2_flush_vm(vcpu->kvm);",
        "if (n) n = 2; else { stage2_flush_vm((vcpu)->kvm); }",
        "n ? (void)n : stage2_flush_vm(vcpu->kvm);",
        "stage2_flush_vm(vcpu->kvm), n++;",
        "for (stage2_flush_vm(vcpu->kvm); n; n--) ;",
    ],
)
def test_a_flush_is_made_wherever_it_is_called(body: str) -> None:
    runs = compiled(f"n = 0; {body}", "static int n;")
    _, effects = run(toggle(machine("nop", runs=runs), 0), 0)
    assert [type(e) for e in effects if isinstance(e, FlushBegun | FlushEnded)] == [
        FlushBegun,
        FlushEnded,
    ]
