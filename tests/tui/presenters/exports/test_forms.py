from __future__ import annotations

from collections.abc import Callable

from scenarios.case import Case
from scenarios.schedule import play
from scenarios.written_out.guest import RunToWrite, written_out
from tui.presenters.exports.forms import run_as_toml
from tui.presenters.exports.shared import SharedRun


def test_a_run_is_written_out_with_its_policy_called_from_where_the_file_is(
    case: Callable[..., Case],
) -> None:
    opened = case()
    played = play(opened.machine, opened.scenario.schedule)
    run = SharedRun(opened, played)
    asked = RunToWrite(opened.scenario, opened.policy, "vcpu0-only", played.timeline)
    assert run_as_toml(run) == written_out(asked)
