"""Fairness: from which states of a graph some run breaks, and from which every fair one does.

A run is fair if no actor is left out for ever that can move from some point on for ever. Where it
ends, no actor can move. Hardware may do what it likes, or nothing. An actor that chooses again and
again moves, whatever it chooses: an option may be left out for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import attrs

from engine.explorer.strongly_connected import components

STAYS: Final = -1
"""The mover cannot move."""

BREAKS: Final = -2
"""The mover's step breaks; where it leads then makes no difference to what came before it."""

Targets: TypeAlias = Sequence[int]
"""Per state, numbered from 0: where a mover's one event leads, or `STAYS`, or `BREAKS`."""


@attrs.frozen(eq=False)
class Fates:
    """Whether runs break, by the state that they are in."""

    can_break: frozenset[int]
    """Some run from here breaks."""
    must_break: frozenset[int]
    """Every fair run from here does."""


def fates(actors: Sequence[Sequence[Targets]], hardware: Sequence[Targets]) -> Fates:
    """Return whether runs break in which these move.

    Hardware has per line one event at most in a state. An actor has the first of its own, and
    further ones at choices only.
    """
    movers = (*(ways for options in actors for ways in options), *hardware)
    if not any(BREAKS in ways for ways in movers):
        return Fates(frozenset(), frozenset())
    states = range(len(movers[0]))
    component = components(
        states, lambda state: (target for ways in movers if (target := ways[state]) >= 0)
    )
    everyone = (1 << len(actors)) - 1
    breaking: set[int] = set()
    escaping: set[int] = set()
    """Components from which some fair run never breaks."""
    served = dict.fromkeys(component.values(), 0)
    """Per component, the actors that move within it, or cannot move somewhere in it.

    A run that stays can go by all of its states and steps again and again. It is fair if all
    actors are served, and if they are not, no run that stays for good is: the part of the
    component that it keeps to serves no more. A state without a step back to itself serves all
    just when none can move, so that the run may end there.
    """
    for state, number in component.items():  # a component comes after those that it leads to
        for bit, options in enumerate(actors):
            for ways in options:
                target = ways[state]
                if target >= 0 and component[target] == number:
                    served[number] |= 1 << bit
            if options[0][state] == STAYS:
                served[number] |= 1 << bit
        targets = [ways[state] for ways in movers]
        ahead = [component[target] for target in targets if target >= 0]
        if BREAKS in targets or not breaking.isdisjoint(ahead):
            breaking.add(number)
        if served[number] == everyone or not escaping.isdisjoint(ahead):
            escaping.add(number)
    # From any state there is a fair run, so that what cannot escape can break.
    return Fates(
        frozenset(state for state in states if component[state] in breaking),
        frozenset(state for state in states if component[state] not in escaping),
    )
