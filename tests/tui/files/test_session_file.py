from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.policy.policy import Options
from scenarios.case import Case
from scenarios.hardware import HardwareChoice
from scenarios.names import policy_names
from scenarios.policy_library import load_policy
from tests.tui.command_line.goldens import ANY
from tests.tui.command_line.opened import opened
from tests.tui.commands.lines import LINES, MAKING
from tests.tui.commands.typed import after, check
from tests.tui.files.conftest import WORK
from tests.tui.files.saved import parts, reopened
from tui.commands.policy_swap import swapped
from tui.files.embedded import embedded_case
from tui.files.session_file import read_session_file, session_bytes
from tui.presenters.tool import tool
from tui.session.session import Session

ROOT = Path(__file__).parents[3]

PRINT_BYTES = """
import sys
from tests.tui.commands.typed import after
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.files.session_file import session_bytes
from scenarios.case import Case
from tui.session.session import Session
case = Case.of(load_scenario("secondary-stale-line"), load_policy("vcpu0-only"))
session = after(Session.play(case), *sys.argv[1:])
sys.stdout.buffer.write(session_bytes(session, "a.session"))
"""

Opened = Callable[..., Case]
one_session = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def test_a_session_is_read_as_it_was_saved(worked: Session, case: Opened, tmp_path: Path) -> None:
    again = reopened(worked, case(), tmp_path / "a.session")
    check(again)
    assert parts(again) == parts(worked)
    assert (again.unsaved, again.file) == (False, str(tmp_path / "a.session"))
    assert len(again.branches) == 3
    assert [each.number for each in again.stops] == [2, 3, 4]


def test_the_file_is_json_that_a_person_can_read(
    worked: Session, golden: Callable[[str, str], None]
) -> None:
    text = session_bytes(worked, "a.session").decode()
    golden("session-file", text.replace(tool(), ANY))
    document = json.loads(text)
    assert [each["events"] for each in document["branches"]] == [
        ["13 vcpu0", "fill x on pcpu0", "12 vcpu1"],
        ["evict x from pcpu0", "2 vcpu1"],
        ["fill x on pcpu1"],
    ]


@given(st.lists(MAKING, max_size=14))
@one_session
def test_saved_and_reopened_any_session_is_the_same(
    session: Callable[..., Session], case: Opened, tmp_path: Path, lines: list[str]
) -> None:
    made = after(session(), *lines)
    path = tmp_path / "a.session"
    again = reopened(made, case(), path)
    assert parts(again) == parts(made)
    assert session_bytes(again, str(path)) == path.read_bytes()


@given(st.lists(MAKING, max_size=10), st.sampled_from(policy_names()))
@one_session
def test_swapped_saved_and_reopened_any_session_is_the_same(
    session: Callable[..., Session], case: Opened, tmp_path: Path, lines: list[str], other: str
) -> None:
    there = case(policy=other)
    made, _ = swapped(after(session(), *lines), there)
    assert parts(reopened(made, there, tmp_path / "a.session")) == parts(made)


@given(st.lists(LINES, max_size=10))
@example(["search fills", "search"])
@one_session
def test_whatever_was_typed_a_saved_session_can_be_read(
    session: Callable[..., Session], case: Opened, tmp_path: Path, lines: list[str]
) -> None:
    made = after(session(), *lines)
    assert parts(reopened(made, case(), tmp_path / "a.session")) == parts(made)


@pytest.mark.parametrize(
    ("scenario", "policy", "other"),
    [
        ("false-sharing", "upstream", "vcpu0-only"),
        ("vmm-reads-after-enable", "vcpu0-only", "coalesced"),
        ("psci-off-and-on", "upstream", "refcount"),
        ("four-vcpus-64-lines", "never", "upstream"),
        ("false-sharing", "coalesced", "vcpu0-only"),
    ],
)
def test_a_session_whose_policy_was_swapped_is_read_as_it_was_saved(
    scenario: str, policy: str, other: str, session: Callable[..., Session], case: Opened,
    tmp_path: Path,
) -> None:  # fmt: skip
    made = after(session(scenario, policy), "goto 5", "take 2", "mark", "break trap", "end")
    there, _ = swapped(made, case(scenario, other))
    again = reopened(there, case(scenario, other), tmp_path / "a.session")
    check(again)
    assert parts(again) == parts(there)
    assert (again.notes != {}, again.prepared) == (True, True)


def test_the_bytes_are_the_same_in_every_process(worked: Session) -> None:
    written = set()
    for seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", PRINT_BYTES, *WORK],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            timeout=60,
            check=True,
        )
        written.add(done.stdout)
    assert written == {session_bytes(worked, "a.session")}


def test_a_run_longer_than_the_schedule_keeps_the_remarks(
    session: Callable[..., Session], case: Opened, tmp_path: Path
) -> None:
    made = after(session(), "end", "take evict x", "take fill x on pcpu0")
    again = reopened(made, case(), tmp_path / "a.session")
    assert (again.notes, again.prepared) == (session().notes, True)


def test_what_the_schedule_passed_over_and_that_it_is_the_schedule_are_kept(
    session: Callable[..., Session], case: Opened, tmp_path: Path
) -> None:
    begun = session("false-sharing", "upstream")
    again = reopened(begun, case("false-sharing", "upstream"), tmp_path / "a.session")
    assert [each.entry for each in again.skipped] == [4]
    assert parts(again) == parts(begun)


def test_a_schedule_that_was_saved_while_it_was_played_is_read_as_far_as_it_had_come(
    case: Opened, tmp_path: Path
) -> None:
    begun, rest = opened("secondary-stale-line", "--policy", "vcpu0-only", first=14)
    assert rest is not None
    again = reopened(begun, case(), tmp_path / "a.session")
    assert parts(again) == parts(begun)
    assert (len(again.timeline.steps), again.prepared, sorted(again.notes)) == (
        15,
        True,
        [1, 14, 15],
    )


def test_a_session_that_was_only_kept_has_no_file_of_its_own(
    worked: Session, case: Opened, tmp_path: Path
) -> None:
    unsaved = tmp_path / "xdg_state_home" / "kvmcache-tui" / "unsaved"
    unsaved.mkdir(parents=True)
    (tmp_path / "link").symlink_to(unsaved)
    kept = unsaved / "a.session"
    assert reopened(worked, case(), kept).file == ""
    assert reopened(worked, case(), tmp_path / "link" / "a.session").file == ""
    elsewhere = unsaved.parent / "a.session"
    assert reopened(worked, case(), elsewhere).file == str(elsewhere)


def test_a_branch_that_goes_on_from_a_run_of_any_length_is_read_again(
    case: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.event_list.MOST_STEPS_IN_ALL", 26)
    made = after(Session.play(case()), "goto 25", "take evict x", "take 1", "take 1")
    assert len(made.timeline.steps) == 28
    assert parts(reopened(made, case(), tmp_path / "a.session")) == parts(made)


def test_a_session_is_read_although_the_schedule_has_no_end_under_its_policy(
    session: Callable[..., Session], case: Opened, tmp_path: Path
) -> None:
    endless = (
        'title = "t"\nteaches = "t"\nschedule = ["vcpu0 finish"]\nhardware = { pcpus = 1 }\n'
        'memory = { words = { x = { address = 0 } } }\nvcpu = [{ program = "1: b 1b" }]\n'
    )
    there = case(endless, "upstream")
    made = after(Session.start(there, session().timeline.start(there.machine)), "take 1", "take 1")
    again = reopened(made, there, tmp_path / "a.session")
    assert (len(again.timeline.steps), again.prepared) == (2, True)


def test_a_policy_is_kept_as_it_is_although_a_terminal_would_obey_it(
    case: Opened, tmp_path: Path
) -> None:
    source = tmp_path / "mine.c"
    text = case().policy.source.text.replace("void ", "\f\nvoid ", 1)
    source.write_text(text.replace("*/", "\u00a0\u009b\x1b[2J \U000e0001 */", 1))
    there = case().under(load_policy(str(source)), str(source))
    path = tmp_path / "a.session"
    again = reopened(Session.play(there), there, path)
    assert len(again.timeline.steps) == 26
    content = path.read_text("utf-8")
    assert all(each.isprintable() or each == "\n" for each in content)
    entry = read_session_file(str(path))
    carried = embedded_case(entry, Options(), HardwareChoice(), str(path))
    assert carried.policy == there.policy
    assert carried.policy.coverage == there.policy.coverage
    assert carried.scenario == there.scenario
