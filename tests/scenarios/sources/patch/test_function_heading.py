"""The heading behind a hunk's `@@`: which line of the base it is, and whether it is that one."""

from __future__ import annotations

import pytest

from scenarios.sources.patch.function_heading import defined, headings_above, is_heading, is_same
from scenarios.sources.source_text import SourceLine


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("void f(void)", True),
        ("_x = 1;", True),
        ("$x", True),
        ("out:", False),
        ("out : /* here */", False),
        ("out: // here", False),
        ("int a:3;", True),
        ("\tint a;", False),
        ("{", False),
        ("#if 1", False),
        ("", False),
    ],
)
def test_a_heading_begins_in_the_first_column_and_is_no_label(text: str, heads: bool) -> None:
    assert is_heading(text) is heads


TEXT = tuple(
    SourceLine(text, number)
    for number, text in enumerate(
        ("int f(void)", "{", "again:", "\tx++;", "out:", "\ty++;", "}", "int g(void)", "{"), 1
    )
)


@pytest.mark.parametrize(
    ("at", "first", "found"),
    [
        (0, 0, ("above",)),
        (1, 0, ("int f(void)",)),
        (2, 0, ("int f(void)",)),
        (4, 0, ("again:", "int f(void)")),
        (6, 0, ("out:", "int f(void)")),
        (7, 0, ("out:", "int f(void)")),
        (8, 0, ("int g(void)",)),
        (99, 0, ("int g(void)",)),
        (6, 3, ("out:", "above")),
        (6, 5, ("above",)),
        (2, 1, ("above",)),
    ],
)
def test_a_hunk_is_headed_by_the_function_above_it_or_by_a_label(
    at: int, first: int, found: tuple[str, ...]
) -> None:
    assert headings_above(TEXT, at, first, "above") == found


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("static void f(struct kvm *kvm)", "f"),
        ("static const struct sys_reg_desc sys_reg_descs[] = {", "sys_reg_descs"),
        ("static const struct a b = { f(1) };", "f"),
        ("int x = y", "x"),
        ("int x[y]", "x"),
        ("struct kvm_arch {", "kvm_arch"),
        ("...", ""),
    ],
)
def test_what_a_heading_defines_has_a_name(heading: str, name: str) -> None:
    assert defined(heading) == name


@pytest.mark.parametrize(
    ("section", "heading", "same"),
    [
        ("void f(int a", "void f(int a, int b)", True),
        ("void  f(int\ta)", "void f(int a)", True),
        ("static void f(long)", "void f(int a)", True),
        ("void f(int a)", "void g(int a)", False),
        ("", "void g(int a)", True),
        ("...", "void g(int a)", True),
        ("void f(int a)", "", False),
    ],
)
def test_a_section_is_a_heading_by_its_beginning_or_by_its_name(
    section: str, heading: str, same: bool
) -> None:
    assert is_same(section, heading) is same
