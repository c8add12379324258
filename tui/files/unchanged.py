"""The scenario and the policy of a saved session: whether they are still what they were."""

from __future__ import annotations

from pathlib import Path

from engine.arm.syntax import quote
from engine.c.source import SourceFile
from scenarios.errors import ScenarioError
from tui.files.session_entry import SessionEntry, SourceEntry
from tui.presenters.cases import Case


def source_entries(case: Case) -> tuple[SourceEntry, ...]:
    """Return the sources of a case's policy, as a session's file holds them."""
    return tuple(map(_source, case.policy.sources))


def check_unchanged(entry: SessionEntry, case: Case, path: str) -> None:
    """Make sure that scenario and policy are what they were when the session was saved.

    Raises:
        ScenarioError: one of them is another.
    """
    if entry.scenario.sha256 != case.scenario.digest:
        found = f"{quote(entry.scenario.spec)}, which has changed since the session was saved"
        was = f"the file with the SHA-256 {quote(entry.scenario.sha256[:12])}…"
        raise ScenarioError(path, "scenario", found, was)
    now = source_entries(case)
    if entry.policy.sources == now:
        return
    found = f"{quote(entry.policy.spec)}, which has changed since the session was saved"
    raise ScenarioError(path, "policy", found, _first_change(entry.policy.sources, now))


def _first_change(then: tuple[SourceEntry, ...], now: tuple[SourceEntry, ...]) -> str:
    for was, here in zip(then, now, strict=False):
        if was.name != here.name:
            return f"the source {quote(was.name)} instead of {quote(here.name)}"
        lines = zip([*was.text.split("\n"), ""], [*here.text.split("\n"), ""], strict=False)
        for number, (old, new) in enumerate(lines, 1):
            if old != new:
                return f"line {number} of {was.name} to be {quote(old.strip())}"
    return "as many sources as there were"


def _source(source: SourceFile) -> SourceEntry:
    text = "".join(map(_written, source.text))
    return SourceEntry(Path(source.name).name, text)


def _written(character: str) -> str:
    """Return a character of a source; what could steer a terminal is kept as an escape."""
    shown = character.isprintable() or character in "\n\t"
    return character if shown else ascii(character)[1:-1]
