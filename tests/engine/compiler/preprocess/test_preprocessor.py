"""Macros, conditionals, and the way from preprocessed text back to the source."""

from __future__ import annotations

import pytest

from engine.compiler.preprocess.preprocessor import preprocess
from engine.policy.source import Place, SourceFile
from engine.refusal import RefusedError


def _text(source: str, **configs: int) -> str:
    return " ".join(preprocess(SourceFile("p.c", source), configs).text.split())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("#define A 1\nA + B", "1 + B"),
        ("#define F(x, y) (x - y)\nF(1, (2, 3))", "( 1 - (2, 3) )"),
        ("#define F(x) #x\nF(a  b)", '"a b"'),
        ("#define F(x, y) x##y\nF(a, b)", "ab"),
        ("#define F(f, ...) p(f, ##__VA_ARGS__)\nF(1) F(1, 2)", "p ( 1 ) p ( 1 , 2 )"),
        ("#define A B\n#define B A\nA", "A"),
        ("#define F(x) x\nF", "F"),
        ("#define A 1\n#undef A\nA", "A"),
        ("#define A \\\n 1\nA", "1"),
        ("#define F() 7\nF()", "7"),
        ("#define G(x) x x\n#define F(x) G(x)\nF(F(1))", "1 1 1 1"),
        ("static DEFINE_MUTEX(m);", "static struct mutex m ;"),
        ("x // no\n/* no */ y", "x y"),
        ("don't #if", "don't #if"),
    ],
)
def test_macros_are_replaced(source: str, text: str) -> None:
    assert _text(source) == text


@pytest.mark.parametrize(
    ("condition", "on"),
    [
        ("ifdef CONFIG_A", True),
        ("ifndef CONFIG_A", False),
        ("ifdef CONFIG_B", False),
        ("if defined(CONFIG_A) && !defined CONFIG_B", True),
        ("if IS_ENABLED(CONFIG_A)", True),
        ("if CONFIG_A + 1 == 2", True),
        ("if 0", False),
        ("if (1 << 2) > 3 ? 1 : 0", True),
        ("ifdef CONFIG_ARM64", True),
        ("if CONFIG_B || CONFIG_A", True),
    ],
)
def test_conditions_choose_the_text(condition: str, on: bool) -> None:
    source = f"#{condition}\nyes\n#else\nno\n#endif"
    assert _text(source, CONFIG_A=1) == ("yes" if on else "no")


def test_only_the_first_branch_that_holds_counts() -> None:
    source = "#if 0\na\n#elif CONFIG_A\nb\n#elif 1\nc\n#else\nd\n#endif"
    assert (_text(source, CONFIG_A=1), _text(source)) == ("b", "c")


def test_conditions_nest() -> None:
    source = "#if 0\n#if 1\na\n#else\nb\n#endif\n#else\nc\n#endif"
    assert _text(source) == "c"


@pytest.mark.parametrize("source", ["#if 1\n", "#else\n", "#endif\n"])
def test_conditionals_must_balance(source: str) -> None:
    with pytest.raises(RefusedError):
        preprocess(SourceFile("p.c", source), {})


def test_text_keeps_its_place_where_no_macro_moved_it() -> None:
    code = preprocess(SourceFile("p.c", "#define A 12345\nx = A;\ny = 1;"), {})
    start = code.text.index("y")
    assert code.place(start, start + 5) == Place("p.c", 3, 1, 3, 6)


def test_what_a_macro_made_has_the_place_of_its_call() -> None:
    code = preprocess(SourceFile("p.c", "#define F(x) (x + 12345)\nF(ab);"), {})
    body, argument = code.text.index("12345"), code.text.index("ab")
    assert code.place(body, body + 5) == Place("p.c", 2, 1, 2, 6)
    assert code.place(argument, argument + 2) == Place("p.c", 2, 3, 2, 5)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("#ifdef FOO\na\n#else\nb\n#endif", "b"),
        ("#ifndef FOO\na\n#else\nb\n#endif", "a"),
        ("#if !defined(FOO) && FOO == 0\na\n#endif", "a"),
        ("#if defined(FOO) || CONFIG_X > FOO\na\n#endif", "a"),
        ("#if FOO\n#elif !FOO\na\n#endif", "a"),
        ("#if FOO(3)\na\n#else\nb\n#endif", "b"),
    ],
)
def test_a_name_that_nothing_defines_is_as_for_cpp_and_told(source: str, kept: str) -> None:
    code = preprocess(SourceFile("p.c", source), {"CONFIG_X": 1})
    assert code.text.strip() == kept
    assert [(one.line, one.found) for one in code.failures] == [(1, "#if on FOO")]


GUARDED = "#ifndef P_H\n#define P_H\n#ifndef __ASSEMBLY__\na\n#endif\n#endif /* P_H */\n"


def test_a_guard_lets_its_header_through() -> None:
    code = preprocess(SourceFile("p.h", GUARDED), {})
    assert (code.text.strip(), code.failures) == ("a", ())


def test_a_guard_within_another_condition_lets_its_part_through() -> None:
    source = "#if CONFIG_X\n#ifndef P_H\n#define P_H\na\n#endif\n#endif\n"
    code = preprocess(SourceFile("p.h", source), {"CONFIG_X": 1})
    assert (code.text.strip(), code.failures) == ("a", ())


def test_a_name_that_is_defined_later_guards_nothing() -> None:
    source = "#ifndef P_H\n#define Q_H\n#define P_H\n#endif\n"
    assert [one.found for one in preprocess(SourceFile("p.h", source), {}).failures] == [
        "#if on P_H"
    ]


def test_a_condition_that_nothing_decides_is_kept_for_whoever_is_there() -> None:
    code = preprocess(SourceFile("p.c", "#if FOO > 1\nx\n#endif\n"), {})
    assert [str(failure) for failure in code.failures] == [
        "p.c:1:1: found #if on FOO; expected CONFIG_ names, and macros that the source defines"
    ]


def _chain(first: str, body: str, length: int, call: str) -> str:
    """Return macros that each hand what `body` makes of their argument to the one before."""
    links = "".join(f"#define A{n}(x) A{n - 1}({body})\n" for n in range(1, length))
    return f"#define A0(x) {first}\n{links}A{length - 1}({call})"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (_chain("x", "x##x", 40, "a"), "at most 1000 characters from each ## or #"),
        ("#define S(x) #x\n" + _chain("S(x)", "#x", 40, '"'), "at most 1000 characters"),
        ("#define S(x) #x\n#define T(x) S(x)\n" + "T(" * 26 + '"' + ")" * 26, "at most 1000 char"),
        (_chain("x", "x x", 40, "a"), "at most 100000 tokens from all of them"),
        (_chain("x", "x x", 12, "a" * 10_000), "at most 4000000 characters from all of them"),
        (
            "#define f(x) x\n#define O f(\n#define D(x) x x\n" + "D(" * 14 + "O" + ")" * 14,
            "calls that",
        ),
    ],
)
def test_macros_grow_no_further_than_is_good(source: str, expected: str) -> None:
    (failure,) = preprocess(SourceFile("p.c", source), {}).failures
    assert failure.found == "macros that grow too large"
    assert failure.expected.startswith(expected)


def test_calls_in_arguments_of_calls_are_nested_no_deeper_than_is_good() -> None:
    source = "#define f(x) x\n" + "f(" * 100 + "1" + ")" * 100
    code = preprocess(SourceFile("p.c", source), {})
    assert [str(failure) for failure in code.failures] == [
        "p.c:2:129: found macro calls nested too deeply; expected at most 64 levels"
    ]
    for depth, failures in ((63, 0), (64, 1)):
        nested = f"#define f(x) x\n{'f(' * depth}1{')' * depth}"
        assert len(preprocess(SourceFile("p.c", nested), {}).failures) == failures


def test_a_token_of_usual_length_is_pasted_and_quoted() -> None:
    name = "a" * 500
    assert _text(f"#define P(x, y) x##y\nP({name}, {name})") == name * 2
    assert _text(f"#define S(x) #x\nS({name})") == f'"{name}"'


IN_DOUBT = {
    "#ifdef L\n#define N(x) x\n#else\n#define N(x) 1\n#endif\nN(2)": "6:1: found `N`",
    "#ifndef N\n#define N(x) x\n#endif\nN(2)": "4:1: found `N`",
    "#ifndef L\n#define L\n#define N 1\n#endif\nN": "5:1: found `N`",
    "#ifdef L\n#define N\n#endif\na N b": "4:3: found `N`",
    "#ifdef L\n#undef N\n#endif\nN": "4:1: found `N`",
    "#ifdef L\n#if 0\n#define N\n#endif\n#endif\nN": "6:1: found `N`",
    "#ifdef L\n#define N\n#endif\n#define M a N b\nM": "5:1: found `N`",
    "#ifdef L\n#define N\n#endif\n#define M(x) x\nM((N))": "5:1: found `N`",
    "#ifdef L\n#define FN\n#endif\n#define M(x) F##x\nM(N)": "5:1: found `FN`",
    "#ifdef L\n#define HCR_TVM 0\n#endif\nHCR_TVM": "4:1: found `HCR_TVM`",
    "#define N 1\n#ifdef L\n#undef N\n#endif\n#ifdef N\nx\n#endif": "5:1: found #if on N",
    "#ifdef L\n#define N 1\n#endif\n#define M N\n#if M\nx\n#endif": "5:1: found #if on N",
    "#if 0\n#elif L\n#else\n#define N 1\n#endif\n#if N\nx\n#endif": "6:1: found #if on N",
}


@pytest.mark.parametrize("source", IN_DOUBT)
def test_what_an_undecided_condition_may_define_is_in_doubt_where_it_is_used(source: str) -> None:
    found = [str(failure) for failure in preprocess(SourceFile("p.c", source), {}).failures]
    assert [each.startswith(f"p.c:{IN_DOUBT[source]}") for each in found] == [False, True]


def test_what_is_in_doubt_says_why_and_what_would_settle_it() -> None:
    source = "x\n#ifdef L\n#define N 1\n#endif\nN\n"
    assert [str(one) for one in preprocess(SourceFile("p.c", source), {}).failures[1:]] == [
        "p.c:5:1: found `N`, that the #if on L at line 2 may define or undefine; "
        "expected a #define or #undef of L above that #if, or a CONFIG_ name in it"
    ]


SETTLED = {
    "#ifdef L\n#define N 2\n#endif\n#define N 1\nN": "1",
    "#ifdef L\n#define N 2\n#endif\n#undef N\nN": "N",
    "#ifdef L\n#define N 2\n#endif\n#if CONFIG_ARM64\n#undef N\n#endif\nN": "N",
    "#ifdef L\n#define N 2\n#endif\n#define M(x) #x\nM(N)": '"N"',
    "#if CONFIG_Q\n#define N 2\n#elif L\n#define M 2\n#endif\nN": "N",
}


@pytest.mark.parametrize("source", SETTLED)
def test_a_name_is_in_doubt_until_it_is_defined_for_certain(source: str) -> None:
    code = preprocess(SourceFile("p.c", source), {})
    assert " ".join(code.text.split()) == SETTLED[source]
    assert [failure.found for failure in code.failures] == ["#if on L"]


@pytest.mark.parametrize("outside", ["a\n", ""])
def test_only_what_stands_round_all_of_a_file_is_the_guard_of_a_header(outside: str) -> None:
    for source in (
        f"{outside}#ifndef L\n#define L\nb\n#endif\n",
        f"#ifndef L\n#define L\nb\n#endif\n{outside}",
    ):
        code = preprocess(SourceFile("p.c", source), {})
        assert [failure.found for failure in code.failures] == ["#if on L"] * bool(outside)


def test_what_is_undecided_is_a_stretch_of_lines() -> None:
    source = "a\n#ifdef L\nb\n#else\nc\n#endif\nd\n"
    code = preprocess(SourceFile("p.c", source), {})
    found = {word: code.failure_in(at, at + 1) for word in "acd" for at in [code.text.index(word)]}
    assert found == {"a": None, "c": code.failures[0], "d": None}


def test_an_error_that_is_reached_for_certain_is_one_of_the_whole_file() -> None:
    code = preprocess(SourceFile("p.c", "a\n#error no\nb\n"), {})
    assert code.failure_in(0, 1) == code.failures[0]
    maybe = preprocess(SourceFile("p.c", "a\n#ifndef L\n#error no\n#endif\nb\n"), {})
    assert maybe.failure_in(0, 1) is None
