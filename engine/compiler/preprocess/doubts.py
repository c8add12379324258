"""Names that may be macros or may not, since the #if round a definition cannot be decided."""

from __future__ import annotations

import attrs

from engine.compiler.preprocess.tokens import Token, TokenKind


@attrs.frozen
class Doubt:
    """Why nobody can say what a name stands for, and what would settle it."""

    why: str
    way: str


@attrs.define
class Doubts:
    """The names that are in doubt, and those of them that were met since somebody asked."""

    known: dict[str, Doubt] = attrs.Factory(dict)
    met: list[str] = attrs.Factory(list)

    def cast(self, name: str, doubt: Doubt) -> None:
        """Put a name in doubt, from here on."""
        self.known[name] = doubt

    def settle(self, name: str) -> None:
        """Take a name out of doubt: from here on everybody can say what it stands for."""
        self.known.pop(name, None)

    def meet(self, token: Token) -> None:
        """Note a token that is a name in doubt."""
        if self.known and token.kind is TokenKind.NAME and token.text in self.known:
            self.met.append(token.text)

    def take(self) -> tuple[str, ...]:
        """Return the names that were met, each once, and forget that they were."""
        if not self.met:
            return ()
        names = tuple(dict.fromkeys(self.met))
        self.met.clear()
        return names
