"""Statements: which of them run, how often, and in which order."""

from __future__ import annotations

import pytest

from engine.machine.effects import FlushBegun, FlushEnded
from engine.policy.operations import Return
from engine.policy.source import Place
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
    "int n2 = 2; { int n2 = 5; n += n2; } n += n2;": 7,
    ";": 0,
    "{}": 0,
    "{ n = 3; }": 3,
    "int f(int i); n = 3 + f(2);": 5,
    "extern int f(int i); n = 3 + f(2);": 5,
    "static int s = 3; n = s++;": 3,
    "int a[3]; a[1] = 4; a[2] = 5; n = a[1] * 10 + a[2];": 45,
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
        ("n = n ? 1 : mutex_unlock(&l);", "two numbers or two pointers in ?:"),
        ("n = n ? mutex_unlock(&l) : 1;", "two numbers or two pointers in ?:"),
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


@pytest.mark.parametrize(
    ("returned", "free"),
    [("3", True), ("g(i)", True), ("i", False), ("n", False), ("g(i) + 1", False)],
)
def test_to_return_what_a_call_has_given_is_no_step_of_its_own(returned: str, free: bool) -> None:
    outside = f"static int g(int i) {{ return i; }} static int h(int i) {{ return {returned}; }}"
    policy = compiled("n = h(1);", f"static int n; {outside}")
    (function,) = (each for each in policy.functions if each.name == "h")
    (returns,) = (each for each in function.operations if isinstance(each, Return))
    assert returns.free is free


def test_the_end_of_a_function_is_at_its_last_brace() -> None:
    policy = compiled("n = 1;", "static int n;")
    assert policy.toggle is not None
    end = policy.functions[policy.toggle].operations[-1]
    assert (end.text, end.place) == ("}", Place("test.c", 5, 1, 5, 2))
