"""A cursor over a query's tokens, and the names that may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import attrs

from engine.machine.actors import Actor, actor_name
from engine.query.tokens import QueryToken, QueryTokenKind
from engine.query.vocabulary import QueryNames
from engine.refusal import Column, RefusedError, quote

_T = TypeVar("_T")


@attrs.define
class QueryReader:
    """Moves over the tokens of a query; every method raises RefusedError."""

    tokens: tuple[QueryToken, ...]
    names: QueryNames
    _next: int = attrs.field(default=0, init=False)

    @property
    def token(self) -> QueryToken:
        """The token to read next."""
        return self.tokens[self._next]

    @property
    def following(self) -> QueryToken:
        """The token after that, or the last one."""
        return self.tokens[min(self._next + 1, len(self.tokens) - 1)]

    def advance(self) -> QueryToken:
        """Return the token to read next, and go past it."""
        token = self.token
        if token.kind is not QueryTokenKind.END:
            self._next += 1
        return token

    def accept(self, *texts: str) -> QueryToken | None:
        """Go past the next token if it is one of these."""
        return self.advance() if self.token.text in texts else None

    def expect(self, text: str) -> QueryToken:
        """Go past the next token, which has to be this one."""
        if self.token.text != text:
            raise self.error(self.token, quote(text))
        return self.advance()

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.token.kind is not QueryTokenKind.END:
            raise self.error(self.token, "an operator or the end")

    def error(self, token: QueryToken, expected: str) -> RefusedError:
        """Return the error for a token that does not belong there."""
        return RefusedError(token.shown, expected, Column(token.column))

    def known(self, names: Mapping[str, _T], kind: str) -> _T:
        """Read one of these names."""
        token = self.advance()
        if token.text not in names:
            at = Column(token.column)
            raise RefusedError.unknown(token.shown, token.text, names, kind, at)
        return names[token.text]

    def number(self, low: int, high: int, kind: str) -> int:
        """Read a number from `low` to `high`."""
        token = self.advance()
        if token.kind is not QueryTokenKind.NUMBER or not low <= token.value <= high:
            span = str(low) if low == high else f"{low} to {high}"
            raise self.error(token, f"{kind}, {span}")
        return token.value

    def actor(self, *, vcpu: bool = False) -> Actor:
        """Read an actor by name, or a vCPU by its number; only vCPUs if `vcpu`."""
        last = len(self.names.setup.programs) - 1
        if self.token.kind is QueryTokenKind.NUMBER:
            return self.number(0, last, "a vCPU")
        actors = self.names.actors
        if vcpu:
            actors = {actor_name(index): index for index in range(last + 1)}
        return self.known(actors, "a vCPU" if vcpu else "a vCPU or vmm")

    def place(self, actor: Actor) -> int:
        """Read a label of an actor's program, as `load` or `load+1`, and return its index."""
        labels = self.names.labels(actor)
        pc = self.known(labels, f"a label of {actor_name(actor)}'s program")
        if self.token.text == "+" and self.following.kind is QueryTokenKind.NUMBER:
            self.advance()
            pc += self.number(0, self.names.length(actor) - pc, "a distance within the program")
        return pc
