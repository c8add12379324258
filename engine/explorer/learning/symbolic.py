"""Symbolic values: what a word holds, as long as no run's course depends on it.

A word that a search leaves out has one symbolic value for all that it can hold. Programs and the
policy compute with it as with a number, and what they compute is symbolic again. Where it comes
to matter which number it is, `ConcreteValueNeeded` ends the search, which begins anew with that
word kept. So no comparison can be answered by mistake, `==` the least of all.
"""

from __future__ import annotations

from typing import NoReturn, cast

import attrs


@attrs.frozen
class ConcreteValueNeeded(Exception):
    """The course of a run depends on the value of a word that the search has left out."""

    word: int


class SymbolicValue:
    """A value that comes from a word whose values are left out.

    Computing with it gives a symbolic value again. To compare it, to branch on it or to use it as
    an address raises `ConcreteValueNeeded`. Two are the same only if identical: containers, which
    ask that first, can hold it and be compared.
    """

    __slots__ = ("word",)

    def __init__(self, word: int) -> None:
        """Stand for the values of `word`."""
        self.word = word

    def _computed(self, *_: object) -> SymbolicValue:
        return self

    def _needed(self, *_: object) -> NoReturn:
        raise ConcreteValueNeeded(self.word)

    def __hash__(self) -> int:
        """Return what tells the words apart: interned states hold symbolic values."""
        return hash((SymbolicValue, self.word))

    def __repr__(self) -> str:
        """Return a name for error messages of the explorer's own."""
        return f"SymbolicValue({self.word})"

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _computed
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __neg__ = __abs__ = _computed
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _computed
    __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = _computed
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _needed
    __bool__ = __index__ = __int__ = __str__ = __format__ = _needed


def symbolic_value(word: int) -> int:
    """Return what stands for the values of a word, typed as the number in the place of which it is.

    It answers all that is asked of a number by another symbolic value or by `ConcreteValueNeeded`.
    """
    return cast(int, SymbolicValue(word))
