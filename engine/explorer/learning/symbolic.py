"""Values that a search does without: what a word holds, as long as nothing depends on it."""

from __future__ import annotations

from typing import Any, NoReturn

import attrs


@attrs.frozen
class NeededError(Exception):
    """The course of a run depends on the value of a word that the search has left out."""

    word: int


class Unknown:
    """A value that comes from a word whose values are left out.

    Computing with it gives an unknown value again. To compare it, to branch on it or to use it as
    an address raises `NeededError`.
    """

    __slots__ = ("word",)

    def __init__(self, word: int) -> None:
        """Stand for the values of `word`."""
        self.word = word

    def _computed(self, *_: Any) -> Unknown:
        return self

    def _needed(self, *_: Any) -> NoReturn:
        raise NeededError(self.word)

    def __hash__(self) -> int:
        """Return what tells the words apart: interned states hold unknown values."""
        return hash((Unknown, self.word))

    def __repr__(self) -> str:
        """Return a name for error messages of the explorer's own."""
        return f"Unknown({self.word})"

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _computed
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __neg__ = __abs__ = _computed
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _computed
    __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = _computed
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _needed
    __bool__ = __index__ = __int__ = __str__ = __format__ = _needed
