from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.explorer.limits import Limits
from engine.explorer.prospects.outlook import NoReturn, Outlook, Prospect
from engine.explorer.prospects.prospects import Prospects, no_return, prospects
from engine.findings import Kind
from engine.machine.events import GuestExecutes
from engine.machine.hardware import LineEvicted, LineFilled
from engine.timeline import Timeline
from engine.transition import take
from scenarios.names import scenario_names
from tui.presenters.cells import Cell, Row, Tone
from tui.presenters.panels.choices import (
    FORESEEN,
    Prediction,
    choice_row,
    choices,
    foreseen_lines,
    no_return_lines,
    predict,
)

Run = Callable[..., Timeline]

SAFE, MAY, MUST = Prospect.SAFE, Prospect.MAY_BREAK, Prospect.MUST_BREAK


def known(timeline: Timeline) -> Prospects:
    found = prospects(timeline.initial, limits=Limits(FORESEEN))
    assert found is not None
    return found


def rows(timeline: Timeline, foreseen: Prospects | None, width: int) -> list[Row]:
    offered = choices(timeline)
    return [
        choice_row(offered, index, predict(timeline, event, foreseen), width)
        for index, event in enumerate(offered.events)
    ]


def test_what_can_happen_is_named_and_what_the_run_takes_is_known(run: Run) -> None:
    offered = choices(run("secondary-stale-line").seek(13))
    assert offered.events == (GuestExecutes(1), LineFilled(0, 0), LineFilled(0, 1))
    assert offered.names == ("vcpu1", "fill x on pcpu0", "fill x on pcpu1")
    assert offered.taken == 1


def test_at_the_end_of_a_run_none_of_them_is_taken(run: Run) -> None:
    offered = choices(run("secondary-stale-line").seek(26))
    assert (offered.events[0], offered.taken) == (LineEvicted(0), None)


def test_a_choice_does_what_would_happen_whatever_is_known_of_it(run: Run) -> None:
    timeline = run("secondary-stale-line").seek(25)
    load = predict(timeline, GuestExecutes(1), None)
    assert (load.step.effects, load.step.after) == (
        timeline.steps[25].effects,
        timeline.steps[25].after,
    )
    assert (load.now, load.then) == ((Kind.STALE,), None)
    eviction = predict(timeline, LineEvicted(0, 0), None)
    assert (eviction.now, eviction.label, str(eviction)) == ((), ("", Tone.PLAIN), "")


@pytest.mark.parametrize(
    ("now", "then", "label", "remark", "brief"),
    [
        ((), None, ("", Tone.PLAIN), "", ""),
        ((), Outlook(SAFE, SAFE), ("safe", Tone.GOOD), "", "safe"),
        (
            (),
            Outlook(MAY, SAFE),
            ("may break", Tone.LATENT),
            "only if the hardware acts",
            "may break with hw",
        ),
        ((), Outlook(MAY, MAY), ("may break", Tone.LATENT), "", "may break"),
        (
            (),
            Outlook(MAY, MUST),
            ("may break", Tone.LATENT),
            "must break unless the hardware acts",
            "must break without hw",
        ),
        ((), Outlook(MUST, MUST), ("must break", Tone.STALE), "", "must break"),
        ((Kind.LOST, Kind.STALE), Outlook(MAY, SAFE), ("lost now", Tone.STALE), "", "lost now"),
        ((Kind.STUCK,), None, ("stuck now", Tone.STALE), "", "stuck now"),
    ],
)
def test_what_follows_is_said_in_two_words_and_a_remark(
    run: Run,
    now: tuple[Kind, ...],
    then: Outlook | None,
    label: tuple[str, Tone],
    remark: str,
    brief: str,
) -> None:
    step = run("secondary-stale-line").steps[0]
    prediction = Prediction(step, now, then)
    assert (prediction.label, prediction.remark, prediction.brief) == (label, remark, brief)
    assert str(prediction) == (f"{label[0]} ({remark})" if remark else label[0])


def test_a_row_says_what_can_follow_before_what_is_done(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert rows(timeline.seek(14), known(timeline), 80) == [
        Row(
            (
                Cell(">1 "),
                Cell("must break without hw ", Tone.LATENT),
                Cell("vcpu1 ", Tone.STRONG),
                Cell("stores 1 to x around the caches (Device-nGnRnE):…"),
            ),
            current=True,
        ),
        Row(
            (
                Cell(" 2 "),
                Cell("may break with hw     ", Tone.LATENT),
                Cell("evict x from pcpu0 ", Tone.STRONG),
                Cell("The line of x leaves the cache of p…"),
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            112,
            [
                ">1 must break without hw vcpu1              stores 1 to x around the caches "
                "(Device-nGnRnE): RAM is 1, the cach…",
                " 2 may break with hw     evict x from pcpu0 The line of x leaves the cache of "
                "pcpu0: the clean copy is dropped. ",
            ],
        ),
        (
            59,
            [
                ">1 must break without hw vcpu1 stores 1 to x around the ca…",
                " 2 may break with hw     evict x from pcpu0 The line of x …",
            ],
        ),
        (
            29,
            [
                ">1 must break without hw vcp…",
                " 2 may break with hw     evi…",
            ],
        ),
        (10, [">1 must b…", " 2 may br…"]),
    ],
)
def test_what_can_follow_is_never_cut_for_the_sake_of_a_name(
    run: Run, width: int, lines: list[str]
) -> None:
    timeline = run("secondary-stale-line").seek(14)
    assert [row.text for row in rows(timeline, known(timeline), width)] == lines


def test_where_nothing_is_known_a_row_says_what_is_done_alone(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert [row.text for row in rows(timeline.seek(25), None, 60)] == [
        ">1 stale now  vcpu1 loads x = 0 from the cached copy (Norma…",
        " 2            evict x from pcpu0 The line of x leaves the c…",
    ]


def test_each_choice_is_a_line_of_text_for_scripts(run: Run) -> None:
    timeline = run("secondary-stale-line")
    foreseen = known(timeline)
    assert list(foreseen_lines(timeline.seek(13), foreseen)) == [
        "1: vcpu1: safe",
        "2: fill x on pcpu0, taken in this run: may break (must break unless the hardware acts)",
        "3: fill x on pcpu1: may break (must break unless the hardware acts)",
    ]
    assert list(foreseen_lines(timeline.seek(25), foreseen)) == [
        "1: vcpu1, taken in this run: stale now",
        "2: evict x from pcpu0: safe",
    ]


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (NoReturn(None, None), ["no point of no return in this run"]),
        (NoReturn(13, 13), ["no return at step 13: every way on from there must break"]),
        (NoReturn(None, 14), ["no return at step 14 unless the hardware acts"]),
        (
            NoReturn(26, 14),
            [
                "no return at step 26: every way on from there must break",
                "no return at step 14 unless the hardware acts",
            ],
        ),
    ],
)
def test_the_points_of_no_return_are_said_a_line_each(found: NoReturn, lines: list[str]) -> None:
    assert list(no_return_lines(found)) == lines


def test_from_the_point_of_no_return_on_nothing_that_is_offered_is_safe(run: Run) -> None:
    timeline = run("false-sharing", "upstream")
    foreseen = known(timeline)
    assert no_return(timeline, foreseen) == NoReturn(13, 12)
    before, after = (list(foreseen_lines(timeline.seek(at), foreseen)) for at in (12, 13))
    assert before == [
        "1: vcpu1, taken in this run: must break",
        "2: evict x from pcpu0: safe",
    ]
    assert after == [
        "1: vcpu1, taken in this run: must break",
        "2: evict x from pcpu0: lost now",
    ]


@pytest.mark.parametrize("scenario", scenario_names())
def test_what_is_found_in_a_choice_is_what_is_found_once_it_is_taken(
    run: Run, scenario: str
) -> None:
    timeline = run(scenario)
    last = len(timeline.steps)
    for step in range(0, last + 1, last // 12 + 1):
        there = timeline.seek(step)
        for event in choices(there).events[:8]:
            found = [
                finding.kind
                for finding in there.extend((event,)).findings
                if finding.step == step + 1
            ]
            prediction = predict(there, event, None)
            assert prediction.now == tuple(dict.fromkeys(found))
            assert prediction.step == take(there.machine, event)
