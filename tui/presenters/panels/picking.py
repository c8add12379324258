"""The list of scenarios: each with what happens under a policy, and which match some words."""

from __future__ import annotations

from typing import Final

import attrs

from scenarios.scenario import Expectation, Scenario
from tui.presenters.words import listed

NAME: Final = 24
VERDICT: Final = 12
"""The columns of a scenario's name, and of what happens in it."""
UNKNOWN: Final = "?"


@attrs.frozen
class PickerEntry:
    """A scenario in the list; one that cannot be read has no more than its name and why."""

    name: str
    scenario: Scenario | None
    error: str = ""

    def matches(self, words: str) -> bool:
        """Say whether all of the words occur in the name, the title or the lesson."""
        texts = [self.name]
        if self.scenario is not None:
            texts += [self.scenario.title, self.scenario.teaches]
        text = " ".join(texts).casefold()
        return all(word in text for word in words.casefold().split())

    def line(self, policy: str) -> str:
        """Return the entry's line: its name, what happens under a policy, its title."""
        title = f"cannot be read: {self.error}" if self.scenario is None else self.scenario.title
        return f"{self.name:{NAME}} {self.verdict(policy):{VERDICT}} {title}"

    def verdict(self, policy: str) -> str:
        """Return what happens under a policy over all interleavings, as far as it is known."""
        expected = None if self.scenario is None else self.scenario.expectation(policy)
        if expected is None:
            return UNKNOWN
        return "safe" if expected.safe else "+".join(kind.value for kind in expected.kinds)

    def lesson(self, policy: str, policy_title: str) -> str:
        """Return what the scenario teaches, and what to expect of it under a policy."""
        if self.scenario is None:
            return self.error
        expected = self.scenario.expectation(policy)
        parts = (
            self.scenario.title,
            " ".join(self.scenario.teaches.split()),
            "" if expected is None else _expectation(policy, expected),
            f"{policy}: {policy_title}." if policy_title else "",
        )
        return "\n\n".join(part for part in parts if part)


def _expectation(policy: str, expected: Expectation) -> str:
    if expected.safe:
        return f"Under {policy}, in every interleaving: safe."
    return f"Under {policy}, in some interleaving: {listed(kind.value for kind in expected.kinds)}."
