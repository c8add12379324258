"""Pieces of C in the middle of prose: whole functions, macros and file-scope declarations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import attrs

from scenarios.kernel.decisions import POLICY_FUNCTIONS, decides
from scenarios.sources.c_text.tokens import KEYWORDS, SourceToken, is_name, scan, tokenize
from scenarios.sources.elision import is_elision
from scenarios.sources.source_text import SourceLine

MAX_BODY_LINES: Final = 2_000
_FUNCTION: Final = re.compile(r"[ \t]*(?:[A-Za-z_]\w*[ \t*]+)+([A-Za-z_]\w*)[ \t]*\(")
_BARE: Final = re.compile(r"[ \t]*(" + "|".join(POLICY_FUNCTIONS) + r")[ \t]*\(")
_RETURNS: Final = re.compile(r"[ \t]*(?:(?:static|inline|noinline|void|bool|int)[ \t]*)+$")
_DIRECTIVE: Final = re.compile(r"[ \t]*#[ \t]*(define|if|ifdef|ifndef|else|elif|endif|undef)\b")
_MACRO: Final = re.compile(r"[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)")
_TYPES: Final = (
    *("static", "extern", "const", "volatile", "unsigned", "signed", "enum", "bool", "char"),
    *("short", "int", "long", "size_t", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64"),
    *("atomic_t", "atomic64_t", "atomic_long_t", "refcount_t", "spinlock_t", "raw_spinlock_t"),
)
_DECLARATION: Final = re.compile(
    r"[ \t]*(?:" + "|".join((*_TYPES, r"DEFINE_\w+", r"DECLARE_\w+")) + r")\b"
)
_NEVER_DEFINED: Final = KEYWORDS | {*_TYPES, "struct", "union", "void", "inline"}
_MAX_DECLARATION_LINES: Final = 60
_MAX_DECLARATION_TOKENS: Final = 12
_MAX_HEAD_LINES: Final = 8
_MAX_IF_DEPTH: Final = 16


@attrs.frozen
class Block:
    """A piece of C: the names it defines, its lines, and where it stands among the text's lines."""

    names: tuple[str, ...]
    first: int
    end: int
    lines: tuple[SourceLine, ...]
    is_function: bool

    @property
    def decisions(self) -> tuple[str, ...]:
        """The functions it defines that KVM's decisions are made in."""
        return tuple(name for name in self.names if decides(name)) if self.is_function else ()


@attrs.frozen
class Unfinished:
    """A policy function that begins at a line but is not there as a whole, and why."""

    name: str
    line: int
    why: str


def find_blocks(lines: Sequence[SourceLine]) -> tuple[tuple[Block, ...], tuple[Unfinished, ...]]:
    """Return the pieces of C in a text, in order, and policy functions that are cut short."""
    texts = [line.text for line in lines]
    blocks: list[Block] = []
    unfinished: list[Unfinished] = []
    index = 0
    while index < len(texts):
        found = _block_at(lines, texts, index)
        if isinstance(found, Block):
            blocks.append(found)
            index = found.end
        else:
            if isinstance(found, Unfinished):
                unfinished.append(found)
            index += 1
    return tuple(blocks), tuple(unfinished)


def _block_at(
    lines: Sequence[SourceLine], texts: Sequence[str], index: int
) -> Block | Unfinished | None:
    text = texts[index]
    if _DIRECTIVE.match(text):
        return _directive(lines, texts, index)
    name = _function_name(texts, index)
    if name is not None:
        function = _function(lines, texts, index, name)
        if function is not None:
            return function
    if _DECLARATION.match(text):
        return _declaration(lines, texts, index)
    return None


def _function_name(texts: Sequence[str], index: int) -> str | None:
    """Return the name of the function whose definition may begin at a line."""
    text = texts[index][:1000]
    found = _FUNCTION.match(text)
    if found is not None:
        words = text[: found.start(1)].split()
        return None if KEYWORDS & {*words, found.group(1)} else found.group(1)
    if _RETURNS.match(text) and index + 1 < len(texts):
        found = _BARE.match(texts[index + 1])
        return found.group(1) if found else None
    found = _BARE.match(text)
    return found.group(1) if found else None


def _function(
    lines: Sequence[SourceLine], texts: Sequence[str], index: int, name: str
) -> Block | Unfinished | None:
    """Read a function to its closing brace; None where it is a call or a sentence.

    A line that begins another definition cuts it short: C has no functions in functions.
    """
    if not _has_body(texts, index, name):
        return None
    depth = seen = 0
    window = texts[index : index + MAX_BODY_LINES]
    for token in scan(window):
        if token.line > seen:
            seen = token.line
            inner = _function_name(window, seen) if depth else None
            if inner is not None and _has_body(window, seen, inner):
                return _cut_short(lines, index, name, "another definition begins inside it")
        depth += (token.text == "{") - (token.text == "}")
        if token.text == "}" and depth == 0:
            end = token.line + 1
            if any(is_elision(part) for part in window[:end]):
                return _cut_short(lines, index, name, "lines of it are left out (...)")
            body = [*lines[index : index + end]]
            body[-1] = SourceLine(body[-1].text[: token.end], body[-1].number)
            return Block((name,), index, index + end, tuple(body), True)
    return _cut_short(lines, index, name, "it has no closing brace")


def _has_body(texts: Sequence[str], index: int, name: str) -> bool:
    """Say whether a brace follows the parameters: nothing but annotations may stand between."""
    depth = 0
    named = closed = False
    for token in scan(texts[index : index + _MAX_HEAD_LINES]):
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
            closed = closed or depth == 0
        elif depth == 0 and closed:
            if token.text == "{" or not token.text.startswith("__"):
                return token.text == "{"
        elif (depth == 0 and named) or token.text in (";", "{", "}") or depth < 0:
            return False
        named = named or token.text == name
    return False


def _cut_short(lines: Sequence[SourceLine], index: int, name: str, why: str) -> Unfinished | None:
    return Unfinished(name, lines[index].number, why) if decides(name) else None


def _directive(lines: Sequence[SourceLine], texts: Sequence[str], index: int) -> Block | None:
    """Read a macro with its continuation lines, or everything from an #if to its #endif."""
    found = _DIRECTIVE.match(texts[index])
    word = found.group(1) if found else ""
    if word == "define":
        macro = _MACRO.match(texts[index])
        end = index + 1
        while end < len(texts) and texts[end - 1].rstrip().endswith("\\"):
            end += 1
        return Block((macro.group(1),) if macro else (), index, end, tuple(lines[index:end]), False)
    if not word.startswith("if"):
        return None
    depth = 0
    for at in range(index, min(len(texts), index + MAX_BODY_LINES)):
        inner = _DIRECTIVE.match(texts[at])
        if inner is not None:
            depth += inner.group(1).startswith("if")
            depth -= inner.group(1) == "endif"
        if depth > _MAX_IF_DEPTH:
            return None
        if depth == 0:
            inside, _ = find_blocks(lines[index + 1 : at])
            names = tuple(dict.fromkeys(name for block in inside for name in block.names))
            functions = any(block.decisions for block in inside)
            return Block(names, index, at + 1, tuple(lines[index : at + 1]), functions)
    return None


def _declaration(lines: Sequence[SourceLine], texts: Sequence[str], index: int) -> Block | None:
    """Read a declaration up to its semicolon; None where the line is a sentence after all."""
    tokens: list[SourceToken] = []
    depth = seen = 0
    for token in scan(texts[index : index + _MAX_DECLARATION_LINES]):
        if token.line > seen:
            seen = token.line
            if _DECLARATION.match(texts[index + seen]) or _DIRECTIVE.match(texts[index + seen]):
                return None
        tokens.append(token)
        depth += (token.text in "({[") - (token.text in ")}]")
        if depth == 0 and token.text == ";":
            names = _declared(tokens)
            end = index + token.line + 1
            return Block(names, index, end, tuple(lines[index:end]), False) if names else None
        if depth == 0 and is_name(token.text) and len(tokens) > _MAX_DECLARATION_TOKENS:
            return None
    return None


def _declared(tokens: Sequence[SourceToken]) -> tuple[str, ...]:
    """Return the names a declaration gives: its declarators, and all names of macros and enums.

    An initialiser that calls something makes it a local variable quoted on its own, unless static.
    """
    words = [token.text for token in tokens]
    if "enum" in words or any(word.startswith(("DEFINE_", "DECLARE_")) for word in words):
        named = (word for word in words if is_name(word) and word not in _NEVER_DEFINED)
        return tuple(dict.fromkeys(named))
    calls = "(" in words and not any(word.endswith("_INIT") for word in words)
    if calls and words[0] != "static":
        return ()
    names = []
    depth = 0
    for before, word, after in zip(("", *words), words, words[1:], strict=False):
        depth += (word in "({[") - (word in ")}]")
        if depth == 0 and is_name(word) and before != "=" and after in (";", "=", ",", "["):
            names.append(word)
    return tuple(names)


def references(lines: Sequence[SourceLine]) -> frozenset[str]:
    """Return the names a piece of C uses that are neither fields nor its own variables."""
    words = ["", "", *(token.text for token in tokenize([line.text for line in lines]))]
    used = set()
    declared = set()
    for two, one, word in zip(words, words[1:], words[2:], strict=False):
        if not is_name(word) or one == "." or (two, one) == ("-", ">"):
            continue
        if one and is_name(one) and one not in KEYWORDS:
            declared.add(word)
        used.add(word)
    return frozenset(used - declared - _NEVER_DEFINED)
