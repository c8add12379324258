"""At 80 columns, whatever is shipped: the point of a step and the steps to look at have room."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.refusal import RefusedError
from engine.staleness import Standings
from engine.timeline import Timeline
from scenarios.names import scenario_names
from scenarios.schedule import ScheduleError
from tui.presenters.cells import wrapped
from tui.presenters.status.heading import verdict_rows
from tui.presenters.status.staleness_line import standing_row
from tui.presenters.steps.sentence import sentence, sentence_lines

Run = Callable[..., Timeline]

POLICIES = ("upstream", "vcpu0-only", "never", "only-on-enable")
WRITTEN = sorted((Path(__file__).parents[2] / "policies").glob("*.c"))
WIDTH = 80


def cut(timeline: Timeline) -> list[tuple[str, ...]]:
    """Return the sentences of which something is missing on two lines between margins."""
    shown = (sentence_lines(step, WIDTH - 2, 2) for step in timeline.steps)
    return [lines for lines in shown if len(lines) > 2 or lines[-1].endswith("…")]


@pytest.mark.parametrize("scenario", scenario_names())
def test_no_sentence_standing_or_verdict_of_the_library_is_cut(run: Run, scenario: str) -> None:
    for policy in POLICIES:
        timeline = run(scenario, policy)
        assert cut(timeline) == []
        standings = Standings(timeline)
        for step in range(len(timeline.steps) + 1):
            assert "…" not in standing_row(timeline.seek(step), standings, WIDTH).text
        (row,) = verdict_rows(timeline, WIDTH, 1)
        assert "…" not in row.text
        for finding in timeline.findings[:1]:
            named = [int(each) for each in re.findall(r"(?:exact|cause|at) (\d+)", row.text)]
            places = (finding.step, finding.exact, finding.cause)
            assert named == [at for at in places if at is not None]


@pytest.mark.parametrize("policy", WRITTEN, ids=lambda path: path.stem)
def test_no_sentence_is_cut_whatever_c_a_policy_is_written_in(run: Run, policy: Path) -> None:
    try:
        timeline = run("secondary-stale-line", str(policy))
    except (RefusedError, ScheduleError) as refused:
        pytest.skip(str(refused))
    assert cut(timeline) == []


@pytest.mark.parametrize(
    ("scenario", "policy", "step", "lines"),
    [
        (
            "false-sharing",
            "upstream",
            19,
            (
                "stage2_flush_vm() cleans and invalidates the line of x and neighbour: the",
                "dirty copy is written over the newer x = 1, which is lost.",
            ),
        ),
        (
            "psci-off-and-on",
            "upstream",
            20,
            (
                "vcpu1 writes 0xc5107d to SCTLR_EL1 (M C I 0 -> 1) without a trap, since",
                "HCR_EL2.TVM is clear: its data accesses are Normal Write-Back from now on.",
            ),
        ),
        (
            "four-vcpus-64-lines",
            "vcpu0-only",
            109,
            (
                "KVM returns to the guest of vcpu1, whose accesses are Normal Write-Back: it",
                "sees box1 = 0 (newest: 1, in RAM) and box3 = 0 (newest: 3, in RAM).",
            ),
        ),
        (
            "secondary-stale-line",
            str(Path(__file__).parents[2] / "policies" / "macros.c"),
            17,
            (
                "KVM, for vcpu1, decides `now_enabled != was_enabled && IS_BOOT_VCPU(vcpu)`:",
                "false; on this road nothing is flushed.",
            ),
        ),
    ],
)
def test_the_brief_form_leaves_out_what_else_is_on_the_screen(
    run: Run, scenario: str, policy: str, step: int, lines: tuple[str, ...]
) -> None:
    taken = run(scenario, policy).steps[step - 1]
    assert sentence_lines(taken, 78, 2) == lines
    assert sentence_lines(taken, 200, 2) == wrapped(sentence(taken), 200)


def test_where_even_the_brief_form_does_not_fit_the_cut_is_seen(run: Run) -> None:
    lost = run("false-sharing", "upstream").steps[18]
    assert sentence_lines(lost, 58, 2) == (
        "stage2_flush_vm() cleans and invalidates the line of x and",
        "neighbour: the dirty copy is written over the newer x = …",
    )
