"""Macro definitions and their expansion (C11 6.10.3), bounded in what they can grow to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

import attrs

from engine.compiler.preprocess.doubts import Doubts
from engine.compiler.preprocess.tokens import Token, TokenKind, tokens_of
from engine.policy.source import SourceFile
from engine.refusal import RefusedError

MAX_EXPANSION: Final = 100_000
"""Tokens that all expansions of a source together may produce."""

MAX_CHARACTERS: Final = 4_000_000
"""Characters that all expansions of a source together may produce."""

MAX_TOKEN: Final = 1_000
"""Characters of a token that ## or # makes."""

MAX_CALL: Final = 4_000
"""Tokens that one macro call in the text may span."""

MAX_DEPTH: Final = 64
"""Calls that may stand in each other's arguments; fewer than Python's stack has room for."""

MAX_SCANNED: Final = 4_000_000
"""Tokens that may be looked through for the ends of calls, in all of a source."""

VARIADIC: Final = "__VA_ARGS__"


@attrs.frozen
class Macro:
    """An object-like macro (parameters None) or a function-like one."""

    name: str
    parameters: tuple[str, ...] | None
    variadic: bool
    body: tuple[Token, ...]


def macro(name: str, parameters: tuple[str, ...] | None, body: str) -> Macro:
    """Return a macro with a body given as text; a last parameter `...` makes it variadic."""
    variadic = bool(parameters) and parameters is not None and parameters[-1] == "..."
    named = parameters[:-1] if variadic and parameters is not None else parameters
    return Macro(name, named, variadic, tokens_of(SourceFile(name, body)))


def solid(tokens: tuple[Token, ...] | list[Token]) -> list[Token]:
    """Return the tokens that are neither space nor the end of a line."""
    return [t for t in tokens if t.kind not in (TokenKind.SPACE, TokenKind.NEWLINE)]


@attrs.define
class Expander:
    """Expands macros in runs of tokens, and counts what that costs."""

    source: SourceFile
    macros: Mapping[str, Macro]
    doubts: Doubts = attrs.Factory(Doubts)
    produced: int = 0
    characters: int = 0
    scanned: int = 0
    depth: int = 0
    failed: list[RefusedError] = attrs.Factory(list)
    """Why calls in the text were left as they are."""

    def expand_text(self, tokens: list[Token]) -> list[Token]:
        """Return a stretch of the file expanded; a call that fails stays as it is."""
        result: list[Token] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.kind is not TokenKind.NAME or token.text not in self.macros:
                self.doubts.meet(token)
                self._tell_doubts(token)
                result.append(token)
                index += 1
                continue
            used = 1 + self._call_length(token, tokens, index + 1)
            run = tokens[index : index + used]
            try:
                expanded = self.expand(run)
                while expanded and (more := self._call_length(expanded[-1], tokens, index + used)):
                    call = [expanded.pop(), *tokens[index + used : index + used + more]]
                    used += more
                    expanded += self.expand(call)
                result.extend(expanded)
            except RefusedError as error:
                self.failed.append(error)
                result.extend(tokens[index : index + used])
            self._tell_doubts(token)
            index += used
        return result

    def _tell_doubts(self, token: Token) -> None:
        """Tell of the names met since, at what they were met in, that nobody knows the meaning."""
        for name in self.doubts.take():
            place = self.source.place(token.start, token.end)
            doubt = self.doubts.known[name]
            self.failed.append(place.refusal(f"`{name}`", doubt.way, cause=doubt.why))

    def _call_length(self, name: Token, tokens: list[Token], index: int) -> int:
        """Return how many tokens of the text a call by a macro's name takes behind it."""
        found = self.macros.get(name.text) if name.kind is TokenKind.NAME else None
        if found is None or found.parameters is None or found.name in name.hidden:
            return 0
        call = _arguments(tokens[index : index + MAX_CALL - 1][::-1])
        return 0 if call is None else call[2]

    def expand(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens with every macro call replaced by what it expands to.

        Raises:
            RefusedError: a call has the wrong number of arguments, or all of it grows too large.
        """
        if self.depth == MAX_DEPTH and tokens:
            raise self._refused(
                tokens[0], "macro calls nested too deeply", f"at most {MAX_DEPTH} levels"
            )
        self.depth += 1
        try:
            return self._expanded(tokens)
        finally:
            self.depth -= 1

    def _expanded(self, tokens: list[Token]) -> list[Token]:
        result: list[Token] = []
        pending = tokens[::-1]
        while pending:
            token = pending.pop()
            self.doubts.meet(token)
            found = self.macros.get(token.text) if token.kind is TokenKind.NAME else None
            if found is None or found.name in token.hidden:
                result.append(token)
                continue
            if found.parameters is None:
                pending.extend(reversed(self._replace(found, token, token.end, [])))
                continue
            call = _arguments(pending)
            self._look_through(token, len(pending) if call is None else call[2])
            if call is None:
                result.append(token)
                continue
            arguments, end, used = call
            del pending[len(pending) - used :]
            replaced = self._replace(found, token, end, self._fit(found, token, arguments))
            pending.extend(reversed(replaced))
        return result

    def _fit(self, found: Macro, call: Token, given: list[list[Token]]) -> list[list[Token]]:
        assert found.parameters is not None
        wanted = len(found.parameters)
        if wanted == 0 and not found.variadic and len(given) == 1 and not solid(given[0]):
            return []
        if found.variadic and len(given) >= wanted:
            rest: list[Token] = []
            for index, argument in enumerate(given[wanted:]):
                if index:
                    rest.append(Token(TokenKind.PUNCTUATION, ",", call.start, call.end, True))
                rest.extend(argument)
            return [*given[:wanted], rest]
        if len(given) != wanted:
            raise self.source.place(call.start, call.end).refusal(
                f"macro {found.name} with {len(given)} arguments", f"{wanted}"
            )
        return given

    def _replace(
        self, found: Macro, call: Token, end: int, arguments: list[list[Token]]
    ) -> list[Token]:
        names = (*(found.parameters or ()), *((VARIADIC,) if found.variadic else ()))
        given = dict(zip(names, arguments, strict=True)) if arguments else {}
        span = (call.start, call.end if call.expanded else end)
        hidden = call.hidden | {found.name}
        body, result, index = solid(found.body), list[Token](), 0
        blank = False  # whether what stands before a ## is an argument without tokens
        while index < len(body):
            token = body[index]
            following = body[index + 1].text if index + 1 < len(body) else ""
            pasted = "##" in (following, body[index - 1].text if index else "")
            if token.text == "#" and following in given:
                text = "".join(t.text for t in given[following]).strip()
                quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
                self._measure(quoted, call)
                result.append(Token(TokenKind.STRING, quoted, *span, True))
                index += 2
                continue
            if token.text == "##" and (result or blank) and index + 1 < len(body):
                right = given.get(following)
                tail = solid(right) if right is not None else [_moved(body[index + 1], span)]
                if blank:
                    result.extend(tail)
                    blank = not tail
                elif result[-1].text == "," and following == VARIADIC:
                    result[-1:] = [result[-1], *tail] if tail else []
                else:
                    _paste(result, tail, span)
                    self._measure(result[-max(1, len(tail))].text, call)
                index += 2
                continue
            if token.text in given and token.kind is TokenKind.NAME:
                argument = solid(given[token.text])
                blank = not argument
                result.extend(argument if pasted else self.expand(argument))
            else:
                blank = False
                result.append(_moved(token, span))
            index += 1
            self._count(len(result), call)
        self._count(len(result) + 1, call, keep=True)
        self._count_characters(result, call)
        return [attrs.evolve(t, hidden=t.hidden | hidden) for t in result]

    def _count(self, more: int, call: Token, *, keep: bool = False) -> None:
        if self.produced + more > MAX_EXPANSION:
            self._refuse_growth(call, f"at most {MAX_EXPANSION} tokens from all of them")
        if keep:
            self.produced += more

    def _count_characters(self, tokens: list[Token], call: Token) -> None:
        self.characters += sum(len(token.text) for token in tokens)
        if self.characters > MAX_CHARACTERS:
            self._refuse_growth(call, f"at most {MAX_CHARACTERS} characters from all of them")

    def _measure(self, made: str, call: Token) -> None:
        if len(made) > MAX_TOKEN:
            self._refuse_growth(call, f"at most {MAX_TOKEN} characters from each ## or #")

    def _look_through(self, call: Token, tokens: int) -> None:
        self.scanned += tokens
        if self.scanned > MAX_SCANNED:
            self._refuse_growth(call, "calls that end soon")

    def _refuse_growth(self, call: Token, expected: str) -> NoReturn:
        raise self._refused(call, "macros that grow too large", expected)

    def _refused(self, call: Token, found: str, expected: str) -> RefusedError:
        return self.source.place(call.start, call.end).refusal(found, expected)


def _moved(token: Token, span: tuple[int, int]) -> Token:
    return Token(token.kind, token.text, *span, True)


def _paste(result: list[Token], tail: list[Token], span: tuple[int, int]) -> None:
    if not tail:
        return
    left = result.pop()
    text = left.text + tail[0].text
    kind = TokenKind.NAME if text.isidentifier() else left.kind
    result.append(Token(kind, text, *span, True, left.hidden))
    result.extend(tail[1:])


def _arguments(pending: list[Token]) -> tuple[list[list[Token]], int, int] | None:
    """Read a call's arguments off the end of a reversed run: them, their end, tokens used."""
    index = len(pending) - 1
    while index >= 0 and pending[index].kind in (TokenKind.SPACE, TokenKind.NEWLINE):
        index -= 1
    if index < 0 or pending[index].text != "(":
        return None
    arguments: list[list[Token]] = [[]]
    depth = 0
    while index >= 0:
        token = pending[index]
        if token.text in ("(", "[", "{"):
            depth += 1
        elif token.text in (")", "]", "}"):
            depth -= 1
            if depth == 0:
                return arguments, token.end, len(pending) - index
        if token.text == "," and depth == 1:
            arguments.append([])
        elif not (depth == 1 and token.text == "("):
            arguments[-1].append(token)
        index -= 1
    return None
