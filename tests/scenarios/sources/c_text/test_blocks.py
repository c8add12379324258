"""Pieces of C in prose: what is found, where it ends, and what is said of what is cut short."""

from __future__ import annotations

import pytest

from scenarios.sources.c_text.blocks import Unfinished, find_blocks, references
from scenarios.sources.source_text import SourceLine


def _lines(text: str) -> tuple[SourceLine, ...]:
    return tuple(SourceLine(part, number) for number, part in enumerate(text.split("\n"), 1))


def _found(text: str) -> list[tuple[tuple[str, ...], int, int]]:
    return [(block.names, block.first, block.end) for block in find_blocks(_lines(text))[0]]


F = "void kvm_toggle_cache(struct kvm_vcpu *v, bool w)"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Hello\n{F}\n{{\n}}\nbye", [(("kvm_toggle_cache",), 1, 4)]),
        (f"{F} {{ }} and more", [(("kvm_toggle_cache",), 0, 1)]),
        (
            "static void\nkvm_toggle_cache(struct kvm_vcpu *v)\n{\n}",
            [(("kvm_toggle_cache",), 0, 4)],
        ),
        ("kvm_toggle_cache(v, w)\n{\n}", [(("kvm_toggle_cache",), 0, 3)]),
        (f"{F}\n\t__must_hold(x)\n{{\n}}", [(("kvm_toggle_cache",), 0, 4)]),
        (f"{F}\n\tand so on\n{{\n}}", []),
        (f"{F}\n\t__cold\n{{\n}}", [(("kvm_toggle_cache",), 0, 4)]),
        (f"{F};\n{{\n}}", []),
        ("void kvm_toggle_cache(a; b)\n{\n}", []),
        ("static int a[] = { b, c, d, e, f, g, h, i, j, k };", [(("a",), 0, 1)]),
        ("static int a = ({ b; c; });\nint d;", [(("a",), 0, 1), (("d",), 1, 2)]),
        ("I call kvm_toggle_cache(v, w) there.\n{\n}", []),
        ("return f(x) {", []),
        ("#define A 1\n#define B(x) \\\n\tx\ny", [(("A",), 0, 1), (("B",), 1, 3)]),
        ("#ifdef CONFIG_A\nstatic int a;\n#else\nstatic int b;\n#endif\nx", [(("a", "b"), 0, 5)]),
        ("#if 1\n#if 2\nint a;\n#endif\n#endif\nint b;", [(("a",), 0, 5), (("b",), 5, 6)]),
        ("#if 1\nint a;", [(("a",), 1, 2)]),
        ("#endif\nint a;", [(("a",), 1, 2)]),
        ("static int a = 1, b, c[3];", [(("a", "b", "c"), 0, 1)]),
        ("static int a[] = {\n\tx,\n\ty,\n};\nz", [(("a",), 0, 4)]),
        ("static int a[2], b, c;", [(("a", "b", "c"), 0, 1)]),
        ("enum { A } union_of;", [(("A", "union_of"), 0, 1)]),
        ("static DEFINE_PER_CPU(union u, a);", [(("DEFINE_PER_CPU", "u", "a"), 0, 1)]),
        ("static DEFINE_PER_CPU(struct s, a);", [(("DEFINE_PER_CPU", "s", "a"), 0, 1)]),
        ("static DEFINE_MUTEX(m);", [(("DEFINE_MUTEX", "m"), 0, 1)]),
        ("static DECLARE_BITMAP(b, 3);", [(("DECLARE_BITMAP", "b"), 0, 1)]),
        ("enum how { A, B = 3 };", [(("how", "A", "B"), 0, 1)]),
        ("static atomic_t a = ATOMIC_INIT(0);", [(("a",), 0, 1)]),
        ("int a = f(1);", []),
        ("static int a = f(1);", [(("a",), 0, 1)]),
        ("static int a =\nstatic int b;", [(("b",), 1, 2)]),
        ("int a = b\n#define C 1", [(("C",), 1, 2)]),
        ("long story short it is what it is and so on and on and on and on;", []),
        ("int", []),
    ],
)
def test_a_piece_of_c_is_found_from_its_first_line_to_its_last(
    text: str, found: list[tuple[tuple[str, ...], int, int]]
) -> None:
    assert _found(text) == found


def test_a_function_ends_at_its_brace_and_what_follows_is_prose() -> None:
    (block,) = find_blocks(_lines(f"x\n{F}\n{{ if (w) {{ }} }} and so on"))[0]
    assert [line.text for line in block.lines] == [F, "{ if (w) { } }"]
    assert [line.number for line in block.lines] == [2, 3]
    assert block.decisions == ("kvm_toggle_cache",)


def test_what_an_if_holds_is_taken_with_its_first_and_last_line() -> None:
    text = "x\n#if 1\nint a;\n#endif\ny"
    (block,) = find_blocks(_lines(text))[0]
    assert [line.text for line in block.lines] == ["#if 1", "int a;", "#endif"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{F}\n{{\n\tx();\n", "it has no closing brace"),
        (f"{F}\n{{\n\t...\n}}", "lines of it are left out (...)"),
        (f"{F}\n{{\n[snip]\n}}", "lines of it are left out (...)"),
        (f"{F}\n{{\n\t/* [snip] */\n}}", "lines of it are left out (...)"),
        (f"{F}\n{{\n\t// ...\n}}", "lines of it are left out (...)"),
        (f"{F}\n{{\n\tx();\nint g(void)\n{{\n}}", "another definition begins inside it"),
    ],
)
def test_a_policy_function_that_is_cut_short_is_told_with_the_reason(text: str, why: str) -> None:
    assert find_blocks(_lines(f"a\n{text}"))[1] == (Unfinished("kvm_toggle_cache", 2, why),)


def test_another_function_that_is_cut_short_is_no_matter() -> None:
    assert find_blocks(_lines("void other(void)\n{\n\tx();\n")) == ((), ())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a = b;", {"a", "b"}),
        ("int a = b;", {"b"}),
        ("v->c.d = e;", {"v", "e"}),
        ("return f;", {"f"}),
        ("if (a) goto out;", {"a", "out"}),
        ("static u8 x;", set()),
    ],
)
def test_what_a_piece_refers_to_is_neither_a_field_nor_its_own(text: str, names: set[str]) -> None:
    assert references(_lines(text)) == names


TYPES = (
    *("static int", "extern int", "const int", "volatile int", "unsigned", "signed", "bool"),
    *("char", "short", "int", "long", "size_t", "u8", "u16", "u32", "u64", "s8", "s16", "s32"),
    *("s64", "atomic_t", "atomic64_t", "atomic_long_t", "refcount_t", "spinlock_t"),
    "raw_spinlock_t",
)


def test_every_type_that_a_policys_state_has_begins_a_declaration() -> None:
    wrong = [ctype for ctype in TYPES if _found(f"{ctype} x;") != [(("x",), 0, 1)]]
    assert wrong == []
