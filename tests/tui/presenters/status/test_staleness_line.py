from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.findings import Kind
from engine.staleness import Standings
from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.status.staleness_line import standing_row

Run = Callable[..., Timeline]

POLICIES = Path(__file__).parents[3] / "policies"


def standing(timeline: Timeline, step: int, width: int) -> tuple[str, Tone]:
    """What is said at a step, without the blanks around it."""
    (cell,) = standing_row(timeline.seek(step), Standings(timeline), width).cells
    assert len(cell.text) == width
    return cell.text.strip(), cell.tone


@pytest.mark.parametrize(
    ("step", "width", "text", "tone"),
    [
        (0, 200, "So far, at step 0: nothing is stale.", Tone.FAINT),
        (14, 80, "So far, at step 14: nothing is stale.", Tone.FAINT),
        (
            20,
            79,
            "latent, harmless until it is loaded: x is 0 (v0) in a cache, the newest is v1",
            Tone.LATENT,
        ),
        (20, 77, "latent: x is 0 (v0) in a cache, the newest is v1", Tone.LATENT),
        (20, 40, "latent: x is 0 (v0) in a cache, the ne…", Tone.LATENT),
        (
            24,
            200,
            "STALE for vcpu1 since step 24: sees x = 0 (v0), may rely on v1, because of step 20: "
            "flush skipped, vcpu->vcpu_id == 0 is false, 1 == 0",
            Tone.STALE,
        ),
        (
            26,
            120,
            "STALE for vcpu1 since step 24: x = 0 v0, due v1; step 20: flush skipped, "
            "vcpu->vcpu_id == 0 is false, 1 == 0",
            Tone.STALE,
        ),
        (
            26,
            80,
            "STALE for vcpu1 since step 24: x = 0 v0, due v1; step 20: flush skipped, 1 == 0",
            Tone.STALE,
        ),
        (
            25,
            79,
            "STALE for vcpu1 since step 24: x = 0 v0, due v1; step 20: flush skipped",
            Tone.STALE,
        ),
        (24, 60, "STALE for vcpu1 since step 24: x = 0 v0, due v1; cause 20", Tone.STALE),
        (24, 40, "STALE for vcpu1 since step 24: x = 0 v…", Tone.STALE),
    ],
)
def test_the_longest_form_that_fits_is_said(
    run: Run, step: int, width: int, text: str, tone: Tone
) -> None:
    assert standing(run("secondary-stale-line"), step, width) == (text, tone)


def test_the_line_is_one_cell_that_has_the_whole_width(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert standing_row(timeline, Standings(timeline), 20) == Row(
        (Cell(" So far, at step 0:…", Tone.FAINT),)
    )


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (
            120,
            "LOST since step 19: x = 1 is neither in RAM nor in a cache, because of step 13: "
            "the store",
        ),
        (80, "LOST since step 19: x = 1; step 13: the store"),
        (40, "LOST since step 19: x = 1; cause 13"),
    ],
)
def test_what_is_lost_stays_so_until_somebody_sees_something_stale(
    run: Run, width: int, text: str
) -> None:
    timeline = run("false-sharing", "upstream")
    assert standing(timeline, 19, width) == (text, Tone.STALE)
    assert standing(timeline, 23, width) == (text, Tone.STALE)
    assert standing(timeline, 24, width)[0].startswith("STALE for vcpu1 since step 24: ")


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (
            120,
            "STALE for vcpu1 since step 24: sees x = 0 (v0), may rely on v1, because of step 19: "
            "the flush; LOST since step 19",
        ),
        (80, "STALE for vcpu1 since step 24: x = 0 v0, due v1; step 19: the flush"),
        (60, "STALE for vcpu1 since step 24: x = 0 v0, due v1; cause 19"),
    ],
)
def test_what_is_stale_goes_before_what_is_lost_for_want_of_room(
    run: Run, width: int, text: str
) -> None:
    timeline = run("false-sharing", "upstream")
    assert standing(timeline, 24, width) == (text, Tone.STALE)


LOST_AND_WRITTEN_AGAIN = """
title = "Lost, and written again"
teaches = "A dirty neighbour."
schedule = ["vcpu0", "evict x", "vcpu0"]
hardware = { pcpus = 2 }
[memory]
words = { x = { address = 0x4000_0000 }, y = { address = 0x4000_0008 } }
cached = [ { line = "x", on = ["pcpu0"], dirty = true, values = { y = 7 } } ]
[[vcpu]]
registers = { x1 = 0x4000_0000, x2 = 1, x3 = 2 }
program = "str x2, [x1]; str x3, [x1]"
[[vcpu]]
program = "nop"
"""


def test_what_was_lost_and_is_written_again_is_no_longer_lost(run: Run) -> None:
    timeline = run(LOST_AND_WRITTEN_AGAIN, "never")
    assert [(finding.kind, finding.step) for finding in timeline.findings] == [(Kind.LOST, 2)]
    assert standing(timeline, 3, 80) == ("So far, at step 3: nothing is stale.", Tone.FAINT)


def test_what_is_stale_at_the_start_is_so_since_then_and_for_no_cause(run: Run) -> None:
    timeline = run(LOST_AND_WRITTEN_AGAIN, "never")
    text = "STALE for vcpu0 since step 0: sees y = 0 (v0), may rely on v1; and 1 more"
    assert [standing(timeline, step, 80) for step in (0, 1)] == [(text, Tone.STALE)] * 2
    short = "STALE for vcpu0 since step 0: y = 0 v0, due v1; and 1 more"
    assert standing(timeline, 1, 60) == (short, Tone.STALE)


def test_who_is_stuck_is_so_from_then_on(run: Run) -> None:
    timeline = run("secondary-stale-line", str(POLICIES / "mutex-left-locked.c"))
    assert standing(timeline, 14, 80)[1] is Tone.LATENT
    assert standing(timeline, 16, 80) == (
        "STUCK since step 15: vcpu1 is in KVM for ever",
        Tone.STALE,
    )


def test_several_latent_copies_are_counted(run: Run) -> None:
    timeline = run("false-sharing", "upstream")
    text = "x is 0 (v0) in a cache, the newest is v1; and 1 more copy"
    assert standing(timeline, 18, 120)[0] == f"latent, harmless until it is loaded: {text}"
    assert standing(timeline, 18, 80) == (f"latent: {text}", Tone.LATENT)


@pytest.mark.parametrize(
    ("step", "asks"), [(0, ""), (20, ""), (24, "sees[vcpu1][x]"), (26, "sees[vcpu1][x]")]
)
def test_it_is_known_how_to_ask_why_something_is_stale(run: Run, step: int, asks: str) -> None:
    timeline = run("secondary-stale-line")
    assert Standings(timeline).asks(timeline.seek(step)) == asks


STRAYING = """
title = "A pointer that nobody set, and a reset"
teaches = "A fault."
schedule = ["vcpu0", "vmm"]
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
program = "PROGRAM"
[vmm]
program = "vcpu_init vcpu0"
"""


@pytest.mark.parametrize(
    ("program", "long", "short"),
    [
        (
            "ldr x0, [x1]",
            "FAULT since step 1: vcpu0 has stopped: 0x0 is no guest RAM",
            "FAULT since step 1: vcpu0 has stopped",
        ),
        (
            "b out; nop; out:",
            "FAULT since step 1: vcpu0 has stopped, where its program has no instruction",
            "FAULT since step 1: vcpu0 has stopped",
        ),
    ],
)
def test_who_has_stopped_at_a_fault_has_done_so_until_it_is_reset(
    run: Run, program: str, long: str, short: str
) -> None:
    timeline = run(STRAYING.replace("PROGRAM", program), "upstream")
    assert [(finding.kind, finding.step) for finding in timeline.findings] == [(Kind.FAULT, 1)]
    assert standing(timeline, 1, 80) == (long, Tone.STALE)
    assert standing(timeline, 1, 40) == (short, Tone.STALE)
    after = len(timeline.steps)
    assert standing(timeline, after, 80) == (
        f"So far, at step {after}: nothing is stale.",
        Tone.FAINT,
    )
