"""What a session's file holds, and how it names the files that it depends on."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from engine.policy.coverage import Coverage
from scenarios.file.structuring import Verbatim
from scenarios.names import policy_names, shipped_names
from scenarios.schedule import Skipped


@attrs.frozen
class SourceEntry:
    """A source of the policy."""

    name: str
    text: Verbatim
    lines: tuple[tuple[int, ...], ...]
    """Its lines in the user's own file, as runs of a first number and a length; 0: from none."""
    own: bool
    """It is the user's; the others stand in for what it lacks."""


@attrs.frozen
class ScenarioEntry:
    """The scenario, by the user's word for it and by its text."""

    spec: str
    name: str
    text: Verbatim


@attrs.frozen
class PolicyEntry:
    """The policy: the user's word for it, how it was read, its sources, and what it speaks of."""

    spec: str
    name: str
    options: tuple[tuple[str, ...], ...]
    sources: tuple[SourceEntry, ...]
    coverage: Coverage


@attrs.frozen
class BranchEntry:
    """A branch, with its events from where it parts from its parent, and where it was left."""

    name: str
    parent: str
    at: int
    title: str
    cursor: int
    events: tuple[str, ...]


@attrs.frozen
class NoteEntry:
    """The scenario's remarks at a step of the first branch."""

    step: int
    texts: tuple[str, ...]


@attrs.frozen
class BreakpointEntry:
    """A breakpoint, by the command that makes it."""

    number: int
    command: str
    enabled: bool


@attrs.frozen
class BookmarkEntry:
    """A bookmark."""

    branch: str
    step: int
    text: str


@attrs.frozen
class SessionEntry:
    """The whole file."""

    version: int
    tool: str
    scenario: ScenarioEntry
    policy: PolicyEntry
    branches: tuple[BranchEntry, ...]
    current: str
    prepared: bool
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[NoteEntry, ...] = ()
    breakpoints: tuple[BreakpointEntry, ...] = ()
    numbered: int = 0
    bookmarks: tuple[BookmarkEntry, ...] = ()
    actor: str = ""
    kind: str = ""
    sought: str = ""
    last: str = ""


def with_files(entry: SessionEntry, named: Callable[[str], str]) -> SessionEntry:
    """Return a session's entry with every file that it depends on named in another way."""
    scenario, policy = entry.scenario, entry.policy
    options = tuple(
        (*each[:1], *map(named, each[1:])) if each[:1] == ("--base",) else each
        for each in policy.options
    )
    spec = _other(policy.spec, policy_names(), named)
    return attrs.evolve(
        entry,
        scenario=attrs.evolve(scenario, spec=_other(scenario.spec, shipped_names(), named)),
        policy=attrs.evolve(policy, spec=spec, options=options),
    )


def relative_to(path: str) -> Callable[[str], str]:
    """Return what names files from where the file at a path lies, and tells of no other place.

    What lies in another directory than that, those below and those above keeps its bare name.
    """
    directory = os.path.dirname(os.path.abspath(path))

    def named(file: str) -> str:
        relative = os.path.relpath(os.path.abspath(file), directory)
        climbed = relative.lstrip(f"{os.curdir}{os.sep}")
        elsewhere = relative.startswith(os.pardir + os.sep) and os.sep in climbed
        return _as_path(os.path.basename(relative) if elsewhere else relative)

    return named


def found_from(path: str) -> Callable[[str], str]:
    """Return what names files from here that are named from where the file at a path lies."""
    directory = os.path.dirname(path)

    def named(file: str) -> str:
        return _as_path(os.path.normpath(os.path.join(directory, file)))

    return named


def _other(spec: str, names: Sequence[str], named: Callable[[str], str]) -> str:
    return spec if spec in names else named(spec)


def _as_path(path: str) -> str:
    """Return a path so that it cannot be taken for the name of something that is shipped."""
    return path if os.sep in path or Path(path).suffix else os.path.join(os.curdir, path)
