from __future__ import annotations

from engine.explorer.limits import Limits
from engine.explorer.prospects.prospects import prospects
from engine.machine.setup import Hardware
from engine.timeline import Timeline
from scenarios.event_list import read_run, written_run
from tests.engine.build import machine, policy
from tui.presenters.panels.choices import foreseen_lines

CHOICE = "str x0, [x1]\nchoose on, off\noff: b .\non: msr sctlr_el1, x0\nldr x4, [x1]"


def test_each_option_is_told_with_what_can_follow_it() -> None:
    built = machine(CHOICE, runs=policy("never"), hardware=Hardware(pcpus=1), words={"x": 0x1000})
    known = prospects(built, limits=Limits())
    assert known is not None
    offered = list(foreseen_lines(read_run(built, ["fill x on pcpu0", "vcpu0"]).seek(2), known))
    assert offered[:2] == [
        "1: vcpu0 chooses on: may break (must break unless the hardware acts)",
        "2: vcpu0 chooses off: safe",
    ]


def test_a_run_with_choices_is_kept_by_its_names() -> None:
    built = machine(CHOICE, words={"x": 0x1000})
    run = read_run(built, ["vcpu0", "vcpu0 chooses off", "3 vcpu0"])
    assert Timeline.replay(built, run.events).steps == run.steps
    assert written_run(run) == ("vcpu0", "vcpu0 chooses off", "3 vcpu0")
