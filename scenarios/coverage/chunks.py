"""The tokens of a translated file cut at file scope, and what the head of each piece says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import attrs

from engine.compiler.preprocess.tokens import Token, TokenKind
from scenarios.coverage.translation import MARK, Translation

_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSING: Final = frozenset(_PAIRS.values())
_ATTRIBUTES: Final = frozenset(
    (
        *("__attribute__", "__attribute", "__aligned", "__section", "__printf", "__scanf"),
        *("__acquires", "__releases", "__must_hold", "__guarded_by", "__cond_acquires"),
        *("__alloc_size", "__malloc", "__alias", "__assume_aligned", "__no_sanitize"),
        *("typeof", "__typeof__", "__typeof_unqual__", "__bitwise", "__counted_by"),
    )
)
"""What stands with brackets in the head of a definition and is not its name."""
_RESUMPTIONS: Final = 50
"""How often a text may go on behind a piece whose brackets do not pair."""
_TAGS: Final = frozenset({"struct", "union", "enum"})
_MAKES: Final = ("DEFINE_", "DECLARE_")


@attrs.frozen
class Chunk:
    """A stretch of tokens at file scope, the open conditions around it, and its offsets."""

    tokens: tuple[Token, ...]
    around: tuple[str, ...]
    start: int
    end: int
    unread: str | None = None


@attrs.frozen
class Head:
    """What a piece defines, by the tokens before its body."""

    name: str
    kind: Literal["function", "variable", "type"]
    static: bool
    unclear: str | None = None


def chunks_of(translation: Translation) -> Iterator[Chunk]:
    """Yield the pieces of a file; one whose brackets do not pair ends at a brace in column 1."""
    tokens, text = translation.tokens, translation.source.text
    around: list[str] = []
    index = failed = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text.startswith(MARK) and len(token.text) > 2:
            _turn(around, token.text)
            index += 1
            continue
        end, why = _end(tokens, index)
        if why is not None:
            failed += 1
            end = _resume(tokens, index, text) if failed < _RESUMPTIONS else len(tokens)
        piece = tokens[index:end]
        if [one.text for one in piece] != [";"]:
            first = min(one.start for one in piece)
            last = max(one.end for one in piece)
            yield Chunk(tuple(piece), tuple(around), first, last, why)
        index = end


def _turn(around: list[str], mark: str) -> None:
    """Enter, change or leave a condition that nobody can decide."""
    word = mark.removeprefix(MARK).split(" ", 1)[0]
    if word == "endif" and around:
        around.pop()
    elif word in ("elif", "else") and around:
        around[-1] = f"{around[-1]} {mark}"
    else:
        around.append(mark)


def _end(tokens: Sequence[Token], start: int) -> tuple[int, str | None]:
    """Return where the piece that begins at `start` ends, and what is wrong with it if anything."""
    open_brackets = list[str]()
    function: bool | None = None
    for index in range(start, len(tokens)):
        text = tokens[index].text
        if text in _PAIRS:
            if text == "{" and not open_brackets and function is None:
                function = head_of(tokens[start : index + 1]).kind == "function"
            open_brackets.append(_PAIRS[text])
        elif text in _CLOSING:
            if not open_brackets or open_brackets.pop() != text:
                return index + 1, f"`{text}` that closes nothing"
            if text == "}" and not open_brackets and function:
                return index + 1, None
        elif text == ";" and not open_brackets:
            return index + 1, None
    return len(tokens), "the end of the text inside a definition"


def _resume(tokens: Sequence[Token], start: int, text: str) -> int:
    """Return the index behind the first brace from `start` on that stands in column 1."""
    for index in range(start, len(tokens)):
        token = tokens[index]
        first = token.start == 0 or text[token.start - 1] == "\n"
        if token.text == "}" and first and not token.expanded:
            closed = index + 1 < len(tokens) and tokens[index + 1].text == ";"
            return index + 2 if closed else index + 1
    return len(tokens)


def head_of(tokens: Sequence[Token]) -> Head:
    """Say what a piece at file scope defines."""
    outer = list(_outer(tokens))
    texts = [tokens[index].text for index in outer]
    static = "static" in texts
    assigned = texts.index("=") if "=" in texts else len(texts)
    named = [
        place
        for place in range(1, assigned)
        if texts[place] == "("
        and tokens[outer[place - 1]].kind is TokenKind.NAME
        and texts[place - 1] not in _ATTRIBUTES
        and [one.text for one in tokens[outer[place] + 1 : outer[place] + 2]] != ["*"]
    ]
    if texts.count("{") > 1 + (assigned < len(texts)) + texts.count(","):
        unclear = "bodies with no `;` between them"
        return Head(_variable(tokens, outer), "variable", static, unclear)
    if texts[:1] == ["typedef"]:
        pointer = "(" in texts and not named
        name = _variable(tokens, outer) if pointer else _last_name(tokens, outer)
        return Head(name, "type", static)
    if texts[-1:] == ["{"] and named and assigned == len(texts):
        return _function(texts, named, static)
    if "extern" in texts:
        return Head(_last_name(tokens, outer[:assigned]), "type", static)
    if named and assigned == len(texts):
        return _declared(tokens, outer, named[0], static)
    if texts and texts[0] in _TAGS and "{" in texts and texts[-2:] == ["{", ";"]:
        return Head(_tag(texts), "type", static)
    return Head(_variable(tokens, outer[:assigned]), "variable", static)


def _outer(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the indices of the tokens outside of brackets, opening ones among them."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.text in _CLOSING:
            depth -= 1
        elif depth == 0:
            yield index
        if token.text in _PAIRS:
            depth += 1


def _function(texts: Sequence[str], named: Sequence[int], static: bool) -> Head:
    """Return the head of a function: the name with a type before it and brackets behind it."""
    typed = [place for place in named if place > 1 and texts[place - 2] != "("]
    name = texts[(typed or named)[0] - 1]
    clear = len(typed) == 1
    return Head(name, "function", static, None if clear else "a function whose name is unclear")


def _declared(tokens: Sequence[Token], outer: Sequence[int], place: int, static: bool) -> Head:
    """Return the head of a prototype, of a macro that makes something, or of any macro's call."""
    name = tokens[outer[place - 1]].text
    if place > 1 and not name.startswith(_MAKES):
        return Head(name, "type", static)
    close = outer[place + 1] if place + 1 < len(outer) else len(tokens)
    inside = [one.text for one in tokens[outer[place] + 1 : close - 1]]
    names = [one.text for one in tokens[outer[place] + 1 : close] if one.kind is TokenKind.NAME]
    if name.startswith(_MAKES) and names:
        return Head(names[-1], "variable", static)
    return Head(f"{name}({' '.join(inside)})", "variable", static)


def _last_name(tokens: Sequence[Token], outer: Sequence[int]) -> str:
    names = [tokens[index].text for index in outer if tokens[index].kind is TokenKind.NAME]
    return names[-1] if names else ""


def _tag(texts: Sequence[str]) -> str:
    before = texts[1 : texts.index("{")]
    return next((text for text in reversed(before) if text[0].isalpha() or text[0] == "_"), "")


def _variable(tokens: Sequence[Token], outer: Sequence[int]) -> str:
    """Return the name before the first bracket, comma or end; of a pointer to a function, in it."""
    name = ""
    for place, index in enumerate(outer):
        token = tokens[index]
        if token.text in ("[", ",", ";", ":") and name:
            break
        if token.text == "(" and place and tokens[index + 1 : index + 2]:
            inner = [one.text for one in tokens[index + 1 :] if one.kind is TokenKind.NAME]
            return inner[0] if inner and tokens[index + 1].text == "*" else name
        if token.kind is TokenKind.NAME:
            name = token.text
    return name
