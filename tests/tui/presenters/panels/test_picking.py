from __future__ import annotations

import pytest

from scenarios.library import load_scenario
from tui.presenters.panels.picking import PickerEntry


def entry(name: str = "secondary-stale-line") -> PickerEntry:
    return PickerEntry(name, load_scenario(name))


BROKEN = PickerEntry("mine", None, "mine.toml: title: found nothing; expected a text")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("stale", True),
        ("SECONDARY  cache", True),
        ("straight ram", True),
        ("stale psci", False),
        ("upstream", False),
    ],
)
def test_an_entry_is_found_by_words_of_its_name_title_or_lesson(words: str, found: bool) -> None:
    assert entry().matches(words) is found


def test_an_entry_that_cannot_be_read_is_found_by_its_name() -> None:
    assert [BROKEN.matches(words) for words in ("mi", "title")] == [True, False]


@pytest.mark.parametrize(
    ("name", "policy", "line"),
    [
        (
            "secondary-stale-line",
            "upstream",
            "secondary-stale-line     safe         "
            "A secondary vCPU enables its caches over a stale line",
        ),
        (
            "secondary-stale-line",
            "vcpu0-only",
            "secondary-stale-line     stale        "
            "A secondary vCPU enables its caches over a stale line",
        ),
        (
            "false-sharing",
            "never",
            "false-sharing            stale+lost   "
            "A dirty neighbour on the line, and a store is lost",
        ),
        (
            "snoops",
            "mine.c",
            "snoops                   ?            "
            "Hardware whose non-cacheable accesses look into the caches",
        ),
    ],
)
def test_a_line_says_what_is_known_to_happen_under_the_policy(
    name: str, policy: str, line: str
) -> None:
    assert entry(name).line(policy) == line


def test_one_that_cannot_be_read_says_why() -> None:
    assert BROKEN.line("upstream") == (
        f"mine                     ?            cannot be read: {BROKEN.error}"
    )
    assert BROKEN.lesson("upstream", "as in Linux") == BROKEN.error


def test_a_lesson_says_what_it_teaches_and_what_to_expect() -> None:
    first, taught, expected, policy = entry().lesson("vcpu0-only", "only vcpu0").split("\n\n")
    assert first == "A secondary vCPU enables its caches over a stale line"
    assert taught.startswith("A vCPU that has its caches off stores straight to RAM. A clean copy")
    assert "\n" not in taught
    assert expected == "Under vcpu0-only, in some interleaving: stale."
    assert policy == "vcpu0-only: only vcpu0."


@pytest.mark.parametrize(
    ("policy", "title", "last"),
    [
        ("upstream", "", "Under upstream, in every interleaving: safe."),
        ("mine.c", "mine", "mine.c: mine."),
    ],
)
def test_of_what_is_not_known_nothing_is_said(policy: str, title: str, last: str) -> None:
    parts = entry().lesson(policy, title).split("\n\n")
    assert (len(parts), parts[-1]) == (3, last)


def test_several_kinds_are_listed() -> None:
    assert (
        entry("false-sharing")
        .lesson("upstream", "")
        .endswith("Under upstream, in some interleaving: stale and lost.")
    )
