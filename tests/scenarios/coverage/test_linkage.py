"""Names that stand for something else than their C, or for nothing for certain."""

from __future__ import annotations

import pytest

from scenarios.coverage.definitions import Definition, definitions_of
from scenarios.coverage.linkage import (
    is_cached,
    is_left_early,
    is_replaced,
    is_weak,
    maybe_declared,
    renames,
)


def _only(text: str) -> Definition:
    (found,) = definitions_of(text, {})
    return found


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ('void f(void) __attribute__((alias("g")));', True),
        ('void f(void) __attribute__((ifunc("g")));', True),
        ('void f(void) asm("g");', True),
        ("void f(void);", False),
        ('void f(void) { asm("nop"); }', False),
    ],
)
def test_a_declaration_may_put_something_else_in_a_functions_place(
    text: str, replaced: bool
) -> None:
    assert is_replaced(_only(text)) is replaced


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        ("void __weak f(void) { }", True),
        ("void f(void) __attribute__((weak));", True),
        ("void f(void) { int weak = 1; }", False),
    ],
)
def test_a_weak_function_says_so_before_its_body(text: str, weak: bool) -> None:
    assert is_weak(_only(text)) is weak


def test_a_pragma_may_rename() -> None:
    texts = ("#pragma weak f\n", '#pragma push_macro("f")\n', "#pragma once\n")
    assert [renames(_only(text)) for text in texts] == [True, True, False]


def test_what_an_undecided_condition_declares_is_known_by_name() -> None:
    text = "#ifdef L\nenum { A = 1, B };\nstatic int c, d[2];\nvoid f(void) { int e; }\n#endif\n"
    found = definitions_of(text, {})
    assert sorted(name for one in found for name in maybe_declared(one)) == ["A", "B", "c", "d"]
    assert maybe_declared(_only("static int c;")) == frozenset()


@pytest.mark.parametrize(
    ("text", "cached"),
    [
        ("int f(void) __attribute__((const));", True),
        ("int f(void) __attribute__((unused, __pure__));", True),
        ("static __attribute_const__ int f(void) { return 1; }", True),
        ("static int __pure f(void) { return 1; }", True),
        ("static int f(const int *at) { return *at; }", False),
        ("static int f(void) { return pure; }", False),
        ("int g(void) __attribute__((const));", False),
        ("__attribute__((const)) int g(void) { return f(); }", False),
        ("int f(const int *at) __attribute__((unused));", False),
    ],
)
def test_an_attribute_may_let_a_function_be_called_less_often(text: str, cached: bool) -> None:
    assert is_cached(_only(text), "f") is cached


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("static void __noreturn f(void) { g(); }", True),
        ("void f(void) __attribute__((naked));", True),
        ("static void f(void) { int noreturn = 1; }", False),
        ("void __noreturn g(void);", False),
    ],
)
def test_an_attribute_may_deny_that_a_function_comes_to_its_end(text: str, *, left: bool) -> None:
    assert is_left_early(_only(text), "f") is left
