from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.refusal import RefusedError
from scenarios.event_list import written_run
from scenarios.run import run_of
from tests.tui.command_line.opened import opened
from tests.tui.files.saved import parts
from tui.command_line.main import main
from tui.files.outside_work import save

HEADLINE = ("secondary-stale-line", "--policy", "vcpu0-only")


def test_a_scenario_is_opened_on_the_run_of_its_schedule() -> None:
    session, rest = opened(*HEADLINE, "--at", "20")
    assert (session.timeline.cursor, len(session.timeline.steps), rest) == (20, 26, None)
    assert (sorted(session.notes), session.prepared) == ([1, 14, 15, 16, 26], False)


@pytest.mark.parametrize(("at", "known"), [((), 11), (("--at", "20"), 21), (("--at", "26"), 26)])
def test_a_screen_gets_the_first_steps_at_once_and_the_others_later(
    at: tuple[str, ...], known: int
) -> None:
    session, rest = opened(*HEADLINE, *at, first=10)
    assert (len(session.timeline.steps), rest is None) == (known, known == 26)
    whole, _ = opened(*HEADLINE, *at)
    if rest is not None:
        rest.advance(1000)
        session = session.grown(run_of(session.case, rest.played))
    assert parts(session) == parts(whole)


def test_a_counterexample_is_the_shortest_run_with_such_a_finding() -> None:
    session, rest = opened(*HEADLINE, "--counterexample", "stale", "--at", "11")
    assert rest is None
    assert written_run(session.timeline) == ("fill x on pcpu0", "12 vcpu1")
    (finding,) = session.timeline.findings
    assert (finding.kind.value, finding.step, finding.exact) == ("stale", 13, 11)
    assert (session.timeline.cursor, session.prepared, dict(session.notes)) == (11, True, {})


@pytest.mark.parametrize(
    ("events", "run"),
    [
        ("", ()),
        ("2 vcpu1", ("2 vcpu1",)),
        ("vcpu1,vcpu1 ,  fill x on pcpu0", ("2 vcpu1", "fill x on pcpu0")),
        ("fill x on pcpu0, evict x", ("fill x on pcpu0", "evict x")),
        ("fill x on pcpu0, evict x from pcpu0", ("fill x on pcpu0", "evict x from pcpu0")),
    ],
)
def test_a_run_is_made_of_events(events: str, run: tuple[str, ...]) -> None:
    session, _ = opened(*HEADLINE, "--events", events)
    assert written_run(session.timeline) == run
    assert (session.timeline.cursor, session.prepared) == (0, True)


def test_a_session_is_opened_as_it_was_saved_or_at_another_step(tmp_path: Path) -> None:
    saved, _ = save(opened(*HEADLINE, "--at", "20")[0], f"{tmp_path}/a.session")
    again, rest = opened("--session", saved.file)
    assert (parts(again), rest) == (parts(saved), None)
    assert opened("--session", saved.file, "--at", "3")[0].timeline.cursor == 3


def test_a_step_beyond_the_end_is_refused_before_a_screen_opens_and_in_a_saved_session(
    tmp_path: Path,
) -> None:
    saved, _ = save(opened(*HEADLINE)[0], f"{tmp_path}/a.session")
    for arguments, first in ((HEADLINE, 10), (("--session", saved.file), None)):
        with pytest.raises(RefusedError) as refused:
            opened(*arguments, "--at", "27", first=first)
        assert str(refused.value) == "found --at 27; expected a step of this run, 0 to 26"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fwb", "--events", "fly"), "--events, entry 1: 'fly'; expected an actor with a program, "
         "'fill' or 'evict': vcpu0"),
        (("fwb", "--events", "99 vcpu0"), "--events, entry 1: '99 vcpu0': 'vcpu0' at step 3: "
         "vcpu0 is at the end of its program; expected an event that can happen"),
        (("fwb", "--events", "vcpu0,fill y on pcpu0"), "--events, entry 2: 'fill y on pcpu0': "
         "'y'; expected a word of guest RAM: x"),
        *((("fwb", "--events", f"vcpu0, {entry}"), f"--events, entry 2: '{entry}'; expected an "
           "event: vcpu0, vmm, 'vcpu0 chooses LABEL', 'fill WORD on PCPU', 'evict WORD' or "
           "'evict WORD from PCPU', or several of one, as '13 vcpu0'\n")
          for entry in ("0 vcpu0", "vcpu0 finish")),
        ((*HEADLINE, "--at", "27"), "--at 27; expected a step of this run, 0 to 26\n"),
        ((*HEADLINE, "--events", "2 vcpu1", "--at", "3"),
         "--at 3; expected a step of this run, 0 to 2\n"),
        (("fwb", "--events", "vcpu0", "--counterexample", "stale"),
         "--counterexample with --events; expected one of them"),
        (("--events", "vcpu0"), "--events without a scenario; expected NAME or FILE before it"),
        (("--session", "x", "fwb"), "--session with something else to open; expected one of them"),
        (("--session", "x", "--policy", "never"),
         "--session with something else to open; expected one of them"),
        (("--session", "x", "--fwb", "on"),
         "--session with options for a policy; expected neither: those are kept in it"),
        (("--session", "x", "--config", "CONFIG_X=y"),
         "--session with options for a policy; expected neither: those are kept in it"),
        (("fwb", *["--policy", "never"] * 3),
         "3 policies; expected one, or two to compare in lock-step"),
        (("fwb", "--policy", "never", "--policy", "upstream"), "two policies; expected NAME or "
         "FILE, and neither --batch, --tour nor --quiz (in a script: compare P)"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_or_cannot_be_is_refused(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenario", *arguments, "--batch", os.devnull]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"kvmcache-tui: found {message}")


@pytest.mark.parametrize("option", ["--tour", "--quiz"])
def test_two_policies_are_not_taught(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    both = ("--policy", "never", "--policy", "upstream")
    for arguments in (("fwb", *both, option), both):
        assert main(["scenario", *arguments]) == 2
        assert capsys.readouterr().err == (
            "kvmcache-tui: found two policies; expected NAME or FILE, and neither --batch, --tour "
            "nor --quiz (in a script: compare P)\n"
        )
