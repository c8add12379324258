"""Strongly connected components: sets of a graph's states that all lead to one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def components(roots: Iterable[int], successors: Callable[[int], Iterable[int]]) -> dict[int, int]:
    """Return the component of each state that the roots lead to, successors' first.

    The states of a component come one after the other, and have the number of the first of them
    that was met (after Tarjan).
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    component: dict[int, int] = {}
    open_states: list[int] = []
    walk: list[tuple[int, Iterator[int]]] = []

    def enter(state: int) -> None:
        index[state] = low[state] = len(index)
        open_states.append(state)
        walk.append((state, iter(successors(state))))

    for root in roots:
        if root not in index:
            enter(root)
        while walk:
            state, rest = walk[-1]
            for target in rest:
                if target not in index:
                    enter(target)
                    break
                if target not in component:
                    low[state] = min(low[state], index[target])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[state])
                if low[state] == index[state]:
                    number = index[state]
                    while state not in component:
                        component[open_states.pop()] = number
    return component
