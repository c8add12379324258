"""The same states: members counted by the plain search and by pan without reduction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from benchmarks.answer import Answer
from benchmarks.family import Member
from benchmarks.spin import Said
from benchmarks.table import markdown
from benchmarks.workbench import Workbench


class DifferenceError(Exception):
    """The explorer and Spin disagree about a model: one of them is wrong."""


@attrs.frozen
class Count:
    """A member that both have counted, and agree about."""

    member: Member
    policy: str
    said: Said
    shortest: int | None


def counted(bench: Workbench, members: Iterable[tuple[Member, str]]) -> Iterator[Count]:
    """Count members both ways.

    Raises:
        DifferenceError: states, transitions or the shortest length differ.
    """
    for member, policy in members:
        answer = Answer.only(bench.ours(member, policy, exhaustive=True)())
        said = bench.counted(member, policy)
        compare(member, policy, answer, said)
        shortest = bench.shortest(member, policy) if said.errors else None
        if shortest != answer.lengths.get("stale"):
            raise DifferenceError(f"{member.name} {policy}: {answer.lengths}, pan {shortest}")
        yield Count(member, policy, said, shortest)


def compare(member: Member, policy: str, answer: Answer, said: Said) -> None:
    """Hold the plain search's answer against pan's.

    Raises:
        DifferenceError: they differ.
    """
    if (answer.states, answer.transitions) != (said.states, said.transitions):
        raise DifferenceError(
            f"{member.name} {policy}: {answer.states} states and {answer.transitions} "
            f"transitions, pan {said.states} and {said.transitions}"
        )
    if ("stale" in answer.lengths) != bool(said.errors):
        raise DifferenceError(f"{member.name} {policy}: {answer.lengths}, pan {said.errors} errors")


def count_table(counts: Iterable[Count]) -> str:
    """Return the counts as Markdown."""
    return markdown(
        ("model", "policy", "states, both", "transitions, both", "shortest counterexample, both"),
        (
            (
                each.member.name,
                each.policy,
                f"{each.said.states:,}",
                f"{each.said.transitions:,}",
                "none" if each.shortest is None else f"{each.shortest} steps",
            )
            for each in counts
        ),
    )
