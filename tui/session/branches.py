"""The branches of a run: every future that was taken, each left at a place of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, takewhile
from typing import Final

import attrs

from engine.timeline import Timeline

FIRST_BRANCH: Final = "main"


@attrs.frozen(eq=False)
class Branch:
    """One future of a run, with the place that was left in it."""

    name: str
    timeline: Timeline
    parent: str | None = None
    at: int = 0
    """The last step that it shares with its parent."""
    title: str = ""
    """What it is, where it is neither the scenario's schedule nor taken by hand."""


@attrs.frozen(eq=False)
class Branches:
    """Branches with the same start, each below one that comes before it, and which is looked at."""

    every: tuple[Branch, ...]
    current: int = 0
    """Which of them is looked at."""

    @classmethod
    def of(cls, timeline: Timeline) -> Branches:
        """Return the one branch that a run alone is."""
        return cls((Branch(FIRST_BRANCH, timeline),))

    def __iter__(self) -> Iterator[Branch]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    @property
    def first(self) -> Branch:
        """The one that all others come from."""
        return self.every[0]

    @property
    def at_hand(self) -> Branch:
        """The one that is looked at."""
        return self.every[self.current]

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(each.name for each in self.every)

    def ancestors(self, branch: Branch) -> tuple[tuple[str, int], ...]:
        """Return the branches that one comes from, each with the last step that it shares."""
        named = {each.name: each for each in self.every}
        found: list[tuple[str, int]] = []
        at = len(branch.timeline.steps)
        while branch.parent is not None:
            at = min(at, branch.at)
            found.append((branch.parent, at))
            branch = named[branch.parent]
        return tuple(found)

    def at(self, timeline: Timeline) -> Branches:
        """Return the branches with the one at hand moved or extended."""
        moved = attrs.evolve(self.at_hand, timeline=timeline)
        every = (*self.every[: self.current], moved, *self.every[self.current + 1 :])
        return attrs.evolve(self, every=every)

    def switch(self, name: str) -> Branches:
        """Return the branches with another one at hand, where that was left."""
        return attrs.evolve(self, current=self.names.index(name))

    def renamed(self, name: str) -> Branches:
        """Return the branches with the one at hand called otherwise."""
        old = self.at_hand.name

        def named(each: Branch) -> Branch:
            return attrs.evolve(
                each,
                name=name if each.name == old else each.name,
                parent=name if each.parent == old else each.parent,
            )

        return attrs.evolve(self, every=tuple(map(named, self.every)))

    def sharing(self, timeline: Timeline, at: int) -> Branches | None:
        """Return the branches at one that shares a run's first steps, None if none does."""
        for branch in (self.at_hand, *self.every):
            own = branch.timeline
            same = own.initial.setup is timeline.initial.setup
            if same and own.steps[:at] == timeline.steps[:at]:
                return self.switch(branch.name)
        return None

    def at_run(self, timeline: Timeline, title: str) -> Branches:
        """Return the branches at the one that is a run, which is made if there is none."""
        for branch in (self.at_hand, *self.every):
            if branch.timeline.steps == timeline.steps:
                return self.switch(branch.name)
        pairs = zip(self.at_hand.timeline.steps, timeline.steps, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return self.fork(timeline, same, stem="driven", title=title)

    def fork(
        self, timeline: Timeline, at: int, *, stem: str = "branch", title: str = ""
    ) -> Branches:
        """Return the branches at a new one, which shares the steps up to `at` with this one."""
        names = self.names
        name = next(name for number in count(1) if (name := f"{stem}{number}") not in names)
        branch = Branch(name, timeline, self.at_hand.name, at, title)
        return Branches((*self.every, branch), len(self.every))
