"""Tokens of C: what each is, that together they are the text, and how many there may be."""

from __future__ import annotations

import pytest

from engine.compiler.preprocess.tokens import (
    MAX_CHARACTERS,
    MAX_NESTING,
    MAX_TOKENS,
    TokenKind,
    tokens_of,
)
from engine.policy.source import SourceFile
from engine.refusal import RefusedError


def _refused(text: str) -> str:
    try:
        tokens_of(SourceFile("p.c", text))
    except RefusedError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (" \t \\\n // one\\", TokenKind.SPACE),
        ("/* a * b ** */", TokenKind.SPACE),
        ("\ufeff", TokenKind.SPACE),
        ("\n", TokenKind.NEWLINE),
        ("_a1$", TokenKind.NAME),
        ("0x1fUL", TokenKind.NUMBER),
        (".5e+3", TokenKind.NUMBER),
        ("1E-3", TokenKind.NUMBER),
        ('"a\\"b"', TokenKind.STRING),
        ("'\\''", TokenKind.STRING),
        ("'\\x41'", TokenKind.STRING),
        *((mark, TokenKind.PUNCTUATION) for mark in ("...", "<<=", ">>=", "->", "++", "--", "<<")),
        *((mark, TokenKind.PUNCTUATION) for mark in (">>", "<=", ">=", "==", "!=", "&&", "||")),
        *((mark, TokenKind.PUNCTUATION) for mark in ("+=", "-=", "*=", "/=", "%=", "&=", "|=")),
        *((mark, TokenKind.PUNCTUATION) for mark in ("^=", "##", "#", "(", "@", "\\", '"', "'")),
    ],
)
def test_a_token_is_as_long_as_c_makes_it(text: str, kind: TokenKind) -> None:
    (token,) = tokens_of(SourceFile("p.c", text))
    assert (token.kind, token.text, token.start, token.end) == (kind, text, 0, len(text))


def test_tokens_are_the_whole_text_in_its_order() -> None:
    text = "a=b+++c; /* x */ don't \"open\n#if 1\\\n\tb->c<<=0x1p-3;"
    tokens = tokens_of(SourceFile("p.c", text))
    assert "".join(token.text for token in tokens) == text
    assert [text[token.start : token.end] for token in tokens] == [t.text for t in tokens]
    assert [t.text for t in tokens[:9]] == ["a", "=", "b", "++", "+", "c", ";", " /* x */ ", "don"]


def test_brackets_are_nested_up_to_a_bound() -> None:
    deepest = "(" * MAX_NESTING
    assert _refused(deepest) == ""
    assert _refused(f"{deepest}[") == (
        f"p.c:1:{MAX_NESTING + 1}: found brackets nested too deeply; "
        f"expected at most {MAX_NESTING} levels"
    )
    assert _refused(f"{deepest}{')' * MAX_NESTING}{deepest}") == ""
    assert "nested too deeply" in _refused(f"){deepest}(")
    assert "nested too deeply" in _refused(f"({deepest}")


def test_a_text_is_as_long_as_a_bound_allows() -> None:
    assert _refused(" " * MAX_CHARACTERS) == ""
    assert f"found {MAX_CHARACTERS + 1} characters" in _refused(" " * (MAX_CHARACTERS + 1))
    assert _refused(";" * (MAX_TOKENS + 1)) == ""
    assert "found too many tokens" in _refused(";" * (MAX_TOKENS + 2))


@pytest.mark.parametrize(
    "text",
    ["// one\\\n two", "// one\\ \t\n two", "// one \\\r\n two", "\\ \n", "/* a *\\\n b */"],
)
def test_a_comment_goes_on_behind_a_backslash_at_the_end_of_a_line(text: str) -> None:
    assert [token.text for token in tokens_of(SourceFile("p.c", text))] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "a\\\nb",
        "a =\\\n= b",
        "a &\\ \n& b",
        "/\\\n/ no code",
        "/\\\n* a */",
        "/* a *\\\n/",
        "1\\\n0",
    ],
)
def test_a_token_in_two_lines_is_refused(text: str) -> None:
    assert "found a token that goes on in the next line" in _refused(text)


@pytest.mark.parametrize(
    "text", ["a,\\\nb", "{\\\n}", "f\\\n(a)", "a =\\\nb", "a \\\n b", '"a\\\nb"']
)
def test_lines_are_joined_between_tokens(text: str) -> None:
    assert _refused(text) == ""
