"""C text as tokens: what is code, what is comment, and where functions begin and end."""

from __future__ import annotations

import pytest

from scenarios.sources.c_text.tokens import (
    SourceToken,
    brackets,
    definitions,
    fragment_tokens,
    scan,
    starts_in_comment,
    tokenize,
)


def _words(text: str) -> list[str]:
    return [token.text for token in tokenize(text.split("\n"))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a->b  1", ["a", "-", ">", "b", "1"]),
        ("a // b\nc", ["a", "c"]),
        ("a /* b */ c", ["a", "c"]),
        ("a /* b\nc\nd */ e\nf", ["a", "e", "f"]),
        ("a /* b", ["a"]),
        ("a /* b */ c /* d */ e", ["a", "c", "e"]),
        ('"a // b" c', ['"a // b"', "c"]),
        ('"a \\" b', ['"a \\" b']),
        ("'/*' a", ["'/*'", "a"]),
        ("\ta\r\f", ["a"]),
        ("", []),
    ],
)
def test_comments_are_no_tokens_and_literals_are_one(text: str, words: list[str]) -> None:
    assert _words(text) == words


def test_a_token_knows_its_line_and_columns() -> None:
    assert tokenize(["a /*", "*/ bc"]) == [SourceToken("a", 0, 0, 1), SourceToken("bc", 1, 3, 5)]
    assert list(scan(["a", "b", "c"], 1)) == [SourceToken("b", 1, 0, 1), SourceToken("c", 2, 0, 1)]
    assert tokenize(["a */ b"], in_comment=True) == [SourceToken("b", 0, 5, 6)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a */ b", True),
        ("a\nb */", True),
        ("/* a */ b", False),
        ("a /* b\nc */", False),
        ("*/ /*", True),
        ("/**/ */", False),
        (" * a", True),
        ("*\tb", True),
        ("*", True),
        ("*p = 1;", False),
        ("a", False),
        ("a\n * b", False),
        ("", False),
    ],
)
def test_a_piece_may_begin_inside_of_a_comment(text: str, inside: bool) -> None:
    assert starts_in_comment(text.split("\n")) is inside


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a */ b", ["b"]),
        (" * a\n * b\nc", ["c"]),
        (" * a\n */\nc", ["c"]),
        ("a /* b", ["a"]),
        (" * a\n * b", []),
        ("a\n * b", ["a", "*", "b"]),
    ],
)
def test_a_pieces_code_is_what_is_in_no_comment(text: str, words: list[str]) -> None:
    assert [token.text for token in fragment_tokens(text.split("\n"))] == words


def test_brackets_pair_each_with_its_own_kind() -> None:
    assert brackets(tokenize(["( [ ) { ] } ( }"])) == {0: 2, 1: 4, 3: 5}
    assert brackets(tokenize([") ( ( ) )"])) == {1: 4, 2: 3}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("void f(int a) { g(); } int h(void) { }", ["f", "h"]),
        ("void f(int a);\nint h(void) {}", ["h"]),
        ("int x = f(1);\nstruct a { int b; };\nint h(void) {}", ["h"]),
        ("if (a) { b(); } int h(void) {}", ["h"]),
        ("#define F(x) { x }\nint h(void) {}", ["h"]),
        ("#define F(x) \\\n g(x) { x }\nint h(void) {}", ["h"]),
        ("#if f(1)\nint h(void) {}\n#endif", ["h"]),
        ("void f(int a) { if (b) {\nint h(void) {}", ["h"]),
        ("void f(int (*g)(int)) { }", ["f"]),
        ("f(a", []),
        ("f(a)", []),
        ("(a) { }", []),
        ("1(a) { }", []),
        ("_f(a) { }", ["_f"]),
    ],
)
def test_functions_are_found_at_file_scope(text: str, names: list[str]) -> None:
    assert [found.name for found in definitions(tokenize(text.split("\n")))] == names


def test_a_definition_reaches_from_its_specifiers_to_its_brace() -> None:
    tokens = tokenize(["int x; static int f(int a) { return a; } int y;"])
    (found,) = definitions(tokens)
    words = [token.text for token in tokens]
    assert (words[found.first], words[found.name_token], words[found.end]) == ("static", "f", "int")


@pytest.mark.parametrize(
    "word",
    [
        *("break", "case", "continue", "default", "do", "else", "for", "goto", "if"),
        *("return", "sizeof", "switch", "while"),
    ],
)
def test_a_statement_is_no_definition_though_it_looks_like_one(word: str) -> None:
    assert definitions(tokenize([f"{word} (x) {{ }}"])) == []
