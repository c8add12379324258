"""atomic_t and kin: each operation gives and leaves what the kernel's documentation says.

The rows are from Documentation/atomic_t.txt, Documentation/core-api/refcount-vs-atomic.rst and
the comments of the atomic headers.
"""

from __future__ import annotations

import re

import pytest

from engine.compiler.headers import ATOMIC_TYPES
from tests.engine.compiler.lines import left, refusal

NOTHING = None

COMMON = (
    ("add(5, &a)", 7, NOTHING, 12),
    ("sub(5, &a)", 7, NOTHING, 2),
    ("inc(&a)", 7, NOTHING, 8),
    ("dec(&a)", 7, NOTHING, 6),
    ("and(5, &a)", 6, NOTHING, 4),
    ("or(5, &a)", 6, NOTHING, 7),
    ("xor(5, &a)", 6, NOTHING, 3),
    ("andnot(5, &a)", 6, NOTHING, 2),
    ("add_return(5, &a)", 7, 12, 12),
    ("sub_return(5, &a)", 7, 2, 2),
    ("inc_return(&a)", 7, 8, 8),
    ("dec_return(&a)", 7, 6, 6),
    ("fetch_add(5, &a)", 7, 7, 12),
    ("fetch_sub(5, &a)", 7, 7, 2),
    ("fetch_inc(&a)", 7, 7, 8),
    ("fetch_dec(&a)", 7, 7, 6),
    ("fetch_and(5, &a)", 6, 6, 4),
    ("fetch_or(5, &a)", 6, 6, 7),
    ("fetch_xor(5, &a)", 6, 6, 3),
    ("fetch_andnot(5, &a)", 6, 6, 2),
    ("sub_and_test(5, &a)", 7, 0, 2),
    ("sub_and_test(7, &a)", 7, 1, 0),
    ("dec_and_test(&a)", 2, 0, 1),
    ("dec_and_test(&a)", 1, 1, 0),
    ("inc_and_test(&a)", 0, 0, 1),
    ("inc_and_test(&a)", -1, 1, 0),
    ("add_negative(-3, &a)", 3, 0, 0),
    ("add_negative(-4, &a)", 3, 1, -1),
    ("fetch_add_unless(&a, -1, 1)", 1, 1, 1),
    ("fetch_add_unless(&a, -1, 1)", 0, 0, -1),
    ("read(&a)", -7, -7, -7),
    ("set(&a, 9)", 7, NOTHING, 9),
    ("xchg(&a, 9)", 7, 7, 9),
    ("xchg(&a, 9)", 9, 9, 9),
    ("cmpxchg(&a, 7, 9)", 7, 7, 9),
    ("cmpxchg(&a, 7, 9)", 8, 8, 8),
    ("try_cmpxchg(&a, &seven, 9)", 7, 1, 9),
    ("try_cmpxchg(&a, &seven, 9)", 8, 0, 8),
    ("inc_not_zero(&a)", 0, 0, 0),
    ("inc_not_zero(&a)", 1, 1, 2),
    ("inc_not_zero(&a)", -1, 1, 0),
    ("add_unless(&a, 5, 7)", 7, 0, 7),
    ("add_unless(&a, 5, 7)", 6, 1, 11),
    ("fetch_add_unless(&a, 5, 7)", 7, 7, 7),
    ("fetch_add_unless(&a, 5, 7)", 6, 6, 11),
    ("dec_if_positive(&a)", 2, 1, 1),
    ("dec_if_positive(&a)", 1, 0, 0),
    ("dec_if_positive(&a)", 0, -1, 0),
    ("dec_if_positive(&a)", -2, -3, -2),
    ("inc_unless_negative(&a)", -1, 0, -1),
    ("inc_unless_negative(&a)", 0, 1, 1),
    ("inc_unless_negative(&a)", 1, 1, 2),
    ("dec_unless_positive(&a)", 1, 0, 1),
    ("dec_unless_positive(&a)", 0, 1, -1),
    ("dec_unless_positive(&a)", -1, 1, -2),
)
"""An operation, the value before, what it gives and the value after."""

SATURATED = -0x4000_0000

REFCOUNT = (
    ("set(&a, 9)", 7, NOTHING, 9),
    ("read(&a)", 7, 7, 7),
    ("read(&a)", SATURATED, 0xC000_0000, SATURATED),
    ("inc(&a)", 7, NOTHING, 8),
    ("inc(&a)", 0, NOTHING, SATURATED),
    ("inc(&a)", SATURATED, NOTHING, SATURATED),
    ("add(5, &a)", 7, NOTHING, 12),
    ("add(5, &a)", 0, NOTHING, SATURATED),
    ("add(5, &a)", 0x7FFF_FFFD, NOTHING, SATURATED),
    ("dec(&a)", 7, NOTHING, 6),
    ("dec(&a)", 2, NOTHING, 1),
    ("dec(&a)", 1, NOTHING, SATURATED),
    ("dec(&a)", 0, NOTHING, SATURATED),
    ("dec_and_test(&a)", 7, 0, 6),
    ("dec_and_test(&a)", 1, 1, 0),
    ("dec_and_test(&a)", 0, 0, SATURATED),
    ("dec_and_test(&a)", SATURATED, 0, SATURATED),
    ("sub_and_test(3, &a)", 7, 0, 4),
    ("sub_and_test(7, &a)", 7, 1, 0),
    ("sub_and_test(8, &a)", 7, 0, SATURATED),
    ("inc_not_zero(&a)", 0, 0, 0),
    ("inc_not_zero(&a)", 7, 1, 8),
    ("inc_not_zero(&a)", 0x7FFF_FFFE, 1, 0x7FFF_FFFF),
    ("inc_not_zero(&a)", 0x7FFF_FFFF, 1, SATURATED),
    ("inc_not_zero(&a)", -1, 1, SATURATED),
    ("inc_not_zero(&a)", SATURATED, 1, SATURATED),
    ("dec_not_one(&a)", 1, 0, 1),
    ("dec_not_one(&a)", 7, 1, 6),
    ("dec_not_one(&a)", 0, 1, 0),
    ("dec_not_one(&a)", SATURATED, 1, SATURATED),
    ("dec_if_one(&a)", 1, 1, 0),
    ("dec_if_one(&a)", 7, 0, 7),
    ("dec_if_one(&a)", 0, 0, 0),
    ("dec_if_one(&a)", SATURATED, 0, SATURATED),
)

Row = tuple[str, int, int | None, int]


def _happens(family: str, rows: tuple[Row, ...], prefix: str = "") -> list[Row]:
    """Run a call a row, each on a variable of its own."""
    outside, lines = list[str](), list[str]()
    for n, (operation, before, gives, _) in enumerate(rows):
        outside.append(f"static {family}_t a{n} = {family.upper()}_INIT({before});")
        outside.append(f"static s64 gives{n} = 1000;")
        call = f"{prefix}{family}_{operation}".replace("&a", f"&a{n}")
        lines.append(f"{call};" if gives is NOTHING else f"gives{n} = {call};")
    word = {"atomic": "int", "atomic64": "s64", "atomic_long": "long", "refcount": "int"}[family]
    declared = f"{word} seven = 7;\n"
    lines = [f"seven = 7; {line}" for line in lines]
    found = left(declared + "\n".join(lines), "\n".join(outside))
    return [
        (operation, before, gives if gives is NOTHING else found[f"gives{n}"], found[f"a{n}"])
        for n, (operation, before, gives, _) in enumerate(rows)
    ]


@pytest.mark.parametrize("family", ["atomic", "atomic64", "atomic_long"])
def test_an_atomic_operation_gives_and_leaves_what_it_is_said_to(family: str) -> None:
    assert _happens(family, COMMON) == list(COMMON)


def test_a_refcount_never_comes_back_from_misuse() -> None:
    assert _happens("refcount", REFCOUNT) == list(REFCOUNT)


@pytest.mark.parametrize("suffix", ["_relaxed", "_acquire", "_release"])
def test_the_ordering_that_a_name_asks_for_changes_no_value(suffix: str) -> None:
    ordered = re.compile(r"fetch_(?!add_unless)\w+|\w+_return|(?:try_cmp|cmp)?xchg|add_negative")
    rows = [row for row in COMMON if ordered.fullmatch(row[0].partition("(")[0])]
    assert len(rows) == 20
    asked = tuple((row[0].replace("(", f"{suffix}(", 1), *row[1:]) for row in rows)
    assert _happens("atomic", asked) == list(asked)


def test_the_ways_to_read_and_set_in_order_read_and_set() -> None:
    rows = (("read_acquire(&a)", 7, 7, 7), ("set_release(&a, 9)", 7, NOTHING, 9))
    assert _happens("atomic", rows) == list(rows)


@pytest.mark.parametrize("prefix", ["raw_", "arch_"])
def test_the_headers_inner_names_do_the_same(prefix: str) -> None:
    rows = (("inc_return(&a)", 7, 8, 8), ("xchg(&a, 9)", 7, 7, 9))
    assert _happens("atomic", rows, prefix) == list(rows)


def test_a_failed_exchange_tells_the_value_it_met() -> None:
    outside = "static atomic_t a = ATOMIC_INIT(8);\nstatic int old = 7;"
    assert left("atomic_try_cmpxchg(&a, &old, 9);", outside) == {"a": 8, "old": 8}
    assert left("old = 8; atomic_try_cmpxchg(&a, &old, 9);", outside) == {"a": 9, "old": 8}


def test_a_counter_wraps_at_the_width_of_its_type() -> None:
    outside = """
static atomic_t narrow = ATOMIC_INIT(0x7fffffff);
static atomic64_t wide = ATOMIC64_INIT(0x7fffffff);
static atomic_long_t word = ATOMIC_LONG_INIT(0x7fffffffffffffff);
"""
    body = "atomic_inc(&narrow); atomic64_inc(&wide); atomic_long_inc(&word);"
    after = {"narrow": -0x8000_0000, "wide": 0x8000_0000, "word": -0x8000_0000_0000_0000}
    assert left(body, outside) == after


def test_every_type_of_counter_has_its_own_functions() -> None:
    families = {"atomic", "atomic64", "atomic_long", "refcount"}
    assert set(ATOMIC_TYPES) == {f"{family}_t" for family in families}
    for of in families:
        for by in families - {of}:
            outside = f"static {of}_t a;"
            assert f"a {of}_t" in refusal(f"{by}_read(&a);", outside)


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("atomic_inc(&a, 1)", 1),
        ("atomic_add(&a)", 2),
        ("atomic_read(&a, 1)", 1),
        ("atomic_set(&a)", 2),
        ("atomic_xchg(&a)", 2),
        ("atomic_cmpxchg(&a, 1)", 3),
        ("atomic_try_cmpxchg(&a, 1)", 3),
        ("atomic_inc_not_zero(&a, 1)", 1),
        ("atomic_add_unless(&a, 1)", 3),
        ("atomic_fetch_add_unless(&a, 1)", 3),
        ("atomic_dec_if_positive(&a, 1)", 1),
        ("atomic_inc_unless_negative(&a, 1)", 1),
        ("atomic_dec_unless_positive(&a, 1)", 1),
        ("atomic_add_negative(&a)", 2),
    ],
)
def test_a_call_with_too_few_or_too_many_arguments_is_refused(call: str, wanted: int) -> None:
    assert f"expected {wanted} arguments" in refusal(f"{call};", "static atomic_t a;")


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("refcount_read(&a, 1)", 1),
        ("refcount_set(&a)", 2),
        ("refcount_inc_not_zero(&a, 1)", 1),
        ("refcount_dec_not_one(&a, 1)", 1),
        ("refcount_dec_if_one(&a, 1)", 1),
        ("refcount_dec_and_test(&a, 1)", 1),
        ("refcount_sub_and_test(&a)", 2),
    ],
)
def test_a_refcounts_calls_count_their_arguments_too(call: str, wanted: int) -> None:
    assert f"expected {wanted} arguments" in refusal(f"{call};", "static refcount_t a;")


@pytest.mark.parametrize("family", ["atomic", "atomic64", "atomic_long"])
@pytest.mark.parametrize(
    "operation",
    [
        *("frob(&a)", "and_return(1, &a)", "or_and_test(1, &a)", "add_and_test(1, &a)"),
        *("fetch_add_return(1, &a)", "fetch_inc_and_test(&a)"),
        *("dec_not_one(&a)", "dec_if_one(&a)", "inc_if_zero(&a)", "fetch_inc_not_zero(&a)"),
    ],
)
def test_what_the_kernel_has_no_atomic_function_for_is_refused(family: str, operation: str) -> None:
    name = f"{family}_{operation.partition('(')[0]}"
    assert f"found a call of {name}()" in refusal(f"{family}_{operation};", f"static {family}_t a;")


@pytest.mark.parametrize(
    "operation",
    [
        *("xor(1, &a)", "inc_return(&a)", "fetch_add(1, &a)", "inc_and_test(&a)"),
        *("xchg(&a, 1)", "cmpxchg(&a, 1, 2)", "add_unless(&a, 1, 2)", "dec_if_positive(&a)"),
        *("add_negative(1, &a)", "inc_unless_negative(&a)", "dec_unless_positive(&a)"),
    ],
)
def test_what_would_let_a_refcount_be_misused_is_no_function(operation: str) -> None:
    name = f"refcount_{operation.partition('(')[0]}"
    assert f"found a call of {name}()" in refusal(f"refcount_{operation};", "static refcount_t a;")


def test_how_many_vcpus_there_are_can_be_read_and_not_be_changed() -> None:
    assert left("n = atomic_read(&vcpu->kvm->online_vcpus);", "static int n;") == {"n": 2}
    assert "a atomic_t" in refusal("atomic_inc(&vcpu->kvm->online_vcpus);")


@pytest.mark.parametrize(
    "call", ["atomic_add_unless(&a[i++], 1, 5)", "atomic_inc_unless_negative(&a[i++])"]
)
def test_the_index_of_an_atomic_is_computed_once(call: str) -> None:
    given = left(
        f"int i = 0; done = {call}; met = i;", "static atomic_t a[2]; static int done, met;"
    )
    assert given == {"a[0]": 1, "a[1]": 0, "done": 1, "met": 1}
