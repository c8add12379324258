"""Casts to the kernel's type names, where the grammar would see arithmetic."""

from __future__ import annotations

import pytest

from engine.compiler.preprocess.casts import spell_casts
from engine.compiler.preprocess.tokens import tokens_of
from engine.policy.source import SourceFile


@pytest.mark.parametrize(
    ("source", "spelled"),
    [
        ("(u8)-x", "(uint8_t)-x"),
        ("(s64) & x", "(int64_t) & x"),
        ("return (gfn_t)*p;", "return (uint64_t)*p;"),
        ("3 * (u32)+x", "3 * (uint32_t)+x"),
        ("(u8)x", "(u8)x"),
        ("(u8)(x)", "(u8)(x)"),
        ("(int)-x", "(int)-x"),
        ("sizeof(u8) - 1", "sizeof(u8) - 1"),
        ("f(u8) - 1", "f(u8) - 1"),
        ("typedef struct a u8; (u8)-x", "typedef struct a u8; (u8)-x"),
        ("(u8", "(u8"),
    ],
)
def test_a_type_is_spelled_as_the_grammar_knows_it(source: str, spelled: str) -> None:
    tokens = list(tokens_of(SourceFile("p.c", source)))
    spell_casts(tokens)
    assert "".join(token.text for token in tokens) == spelled


@pytest.mark.parametrize(
    "known",
    [
        *("int8_t", "uint8_t", "int16_t", "uint16_t", "int32_t", "uint32_t", "int64_t"),
        *("uint64_t", "ssize_t", "size_t", "intptr_t", "uintptr_t", "ptrdiff_t", "int", "long"),
        *("short", "signed", "unsigned"),
    ],
)
def test_a_name_that_the_grammar_knows_stays_as_it_is_written(known: str) -> None:
    source = f"({known})-x"
    tokens = list(tokens_of(SourceFile("p.c", source)))
    spell_casts(tokens)
    assert "".join(token.text for token in tokens) == source
