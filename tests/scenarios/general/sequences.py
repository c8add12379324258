"""The sequences of operations that a program with choices has, and whether another has more."""

from __future__ import annotations

import re
from typing import Final

import attrs

_LABELLED: Final = re.compile(r"(\w+):\s*(.*)")


@attrs.frozen
class Sequences:
    """A program as an automaton: its letters are instructions, `choose` and `b` are silent."""

    instructions: tuple[str, ...]
    labels: dict[str, int]

    @classmethod
    def of(cls, program: str) -> Sequences:
        """Return the automaton of a program's text."""
        instructions: list[str] = []
        labels: dict[str, int] = {}
        for line in program.splitlines():
            text = line.partition("//")[0].strip()
            labelled = _LABELLED.fullmatch(text)
            if labelled is not None:
                labels[labelled[1]] = len(instructions)
                text = labelled[2]
            if text:
                instructions.append(" ".join(text.split()))
        return cls(tuple(instructions), labels)

    @property
    def start(self) -> frozenset[int]:
        """Where the program may be before its first instruction."""
        return self._ready({0})

    def after(self, places: frozenset[int], instruction: str) -> frozenset[int]:
        """Return where it may be after an instruction, from any of some places."""
        return self._ready({at + 1 for at in places if self.instructions[at] == instruction})

    def _ready(self, places: set[int]) -> frozenset[int]:
        """Return the instructions that may come next, silent ones gone through."""
        due, met = list(places), set(places)
        ready: set[int] = set()
        while due:
            at = due.pop()
            if at >= len(self.instructions):
                continue
            name, _, rest = self.instructions[at].partition(" ")
            if name not in ("choose", "b"):
                ready.add(at)
                continue
            further = {self.labels[label.strip()] for label in rest.split(",")} - met
            met |= further
            due += further
        return frozenset(ready)


def has_more(looser: str, program: str) -> bool:
    """Say whether a program has a sequence of instructions that another one lacks."""
    one, other = Sequences.of(looser), Sequences.of(program)
    first = (one.start, other.start)
    met, due = {first}, [first]
    while due:
        here, there = due.pop()
        for instruction in sorted({one.instructions[at] for at in here}):
            beyond = other.after(there, instruction)
            if all(other.instructions[at] != instruction for at in there):
                return True
            pair = (one.after(here, instruction), beyond)
            if pair not in met:
                met.add(pair)
                due.append(pair)
    return False
