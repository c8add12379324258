from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.refusal import RefusedError
from tui.commands.why import answer
from tui.presenters.panels.answers import WhyLine
from tui.session.session import Session

SEEN = "vcpu1 sees x = 0 (v0) in the cached copy: its accesses are Normal Write-Back"
FOUND = (
    "STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, cause step 20 (flush skipped)"
)


@pytest.mark.parametrize(
    ("asked", "first", "others"),
    [
        ("x", SEEN, (None, None, 14, 15, 17, 20, 24)),
        ("sees[1][x]", SEEN, (None, None, 14, 15, 17, 20, 24)),
        ("stale[1][x]", SEEN, (None, None, 14, 15, 17, 20, 24)),
        ("due[1][x]", SEEN, (None, None, 14, 15, 17, 20, 24)),
        ("ram[x]", "RAM has x = 1 (v1)", (None, 15)),
        ("newest[x]", "RAM has x = 1 (v1)", (None, 15)),
        ("cache[x]", "the cached copy has x = 0 (v0)", (None, None, 14, 15, 20)),
        ("dirty[x]", "the cached copy has x = 0 (v0)", (None, None, 14, 15, 20)),
        ("sctlr[1].C", "SCTLR_EL1.C of vcpu1 is 1", (16, 17)),
        ("sctlr[1]", "SCTLR_EL1 of vcpu1 is 0xc5107d", (16, 17)),
        ("hcr[1].TVM", "HCR_EL2.TVM of vcpu1 is 0", (16, 21, 22)),
        ("", FOUND, (None, None, 14, 15, 17, 20, 24)),
        ("finding", FOUND, (None, None, 14, 15, 17, 20, 24)),
        ("finding 1", FOUND, (None, None, 14, 15, 17, 20, 24)),
    ],
)
def test_an_answer_begins_here_and_each_line_has_its_step(
    session: Callable[..., Session], asked: str, first: str, others: tuple[int | None, ...]
) -> None:
    lines = answer(session(at=26), asked)
    assert lines[0] == WhyLine(26, first)
    assert tuple(line.step for line in lines[1:]) == others


def test_the_newest_version_is_asked_of_the_cached_copy_where_only_that_has_it(
    session: Callable[..., Session],
) -> None:
    there = session("dc-ivac", "upstream", 12)
    assert answer(there, "newest[x]") == answer(there, "cache[x]") != answer(there, "ram[x]")


def test_alone_it_is_asked_of_the_finding_that_speaks_of_the_step(
    session: Callable[..., Session],
) -> None:
    there = session("false-sharing", "upstream")
    firsts = [answer(there.seek(step), "")[0].text.split()[0] for step in (0, 19, 24, 26)]
    assert firsts == ["LOST:", "LOST:", "STALE:", "STALE:"]


@pytest.mark.parametrize(
    "asked", ["mapped[x]", "old(ram[x])", "mair_el1[0]", "step", "power[1]", "x[1][2]"]
)
def test_what_has_no_origin_is_refused(session: Callable[..., Session], asked: str) -> None:
    with pytest.raises(RefusedError):
        answer(session(), asked)
