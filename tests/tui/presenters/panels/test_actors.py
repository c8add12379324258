from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.timeline import Timeline
from scenarios.names import scenario_names
from tui.commands.why import answer
from tui.presenters.cells import Tone
from tui.presenters.panels.actors import actor_table
from tui.session.session import Session

Run = Callable[..., Timeline]


def texts(timeline: Timeline, width: int) -> list[str]:
    table = actor_table(timeline, width)
    return [table.header.rstrip(), *(row.text.rstrip() for row in table.rows)]


def test_a_row_says_where_a_vcpu_is_and_what_its_next_access_will_be(run: Run) -> None:
    assert texts(run("secondary-stale-line"), 80) == [
        " vCPU  is in                      SCTLR_EL1  M C I HCR_EL2     TVM next access",
        " vcpu0 guest enable               0x00c50078 - - - 0xc847c663f TVM Device-nGnRnE",
        " vcpu1 guest store                0x00c50078 - - - 0xc847c663f TVM Device-nGnRnE",
    ]


def test_in_kvm_a_row_names_function_and_line_and_marks_what_changed(run: Run) -> None:
    assert texts(run("secondary-stale-line").seek(17), 80)[1:] == [
        " vcpu0 guest end                  0x00c5107d M C I 0xc807c663f --- Write-Back",
        " vcpu1*KVM kvm_toggle_cache:9    *0x00c5107d*M*C*I 0xc847c663f TVM*Write-Back",
    ]


def test_where_there_is_room_names_are_whole(run: Run) -> None:
    assert texts(run("secondary-stale-line").seek(17), 120) == [
        " vCPU  is in                             runs on SCTLR_EL1  M C I HCR_EL2     TVM "
        "next access",
        " vcpu0 guest end                         pcpu0   0x00c5107d M C I 0xc807c663f --- "
        "Normal Write-Back",
        " vcpu1*KVM kvm_toggle_cache:9            pcpu1  *0x00c5107d*M*C*I 0xc847c663f TVM"
        "*Normal Write-Back",
    ]


def test_a_vcpu_that_is_off_is_faint(run: Run) -> None:
    timeline = run("boot-on-vcpu1")
    (first, _) = actor_table(timeline, 80).rows
    assert first.cells[1].text.strip() == "off"
    assert {cell.tone for cell in first.cells} == {Tone.FAINT}


LOCKED = """
title = "A lock that is never free"
teaches = "Waiting."
schedule = ["vcpu0", "vmm"]
[hardware]
pcpus = 1
[memory]
words = { x = { address = 0x4000_0000 } }
[[vcpu]]
program = '''
loop:   nop
wait:   wfi
'''
[vmm]
program = "wait_kick"
"""


def test_who_cannot_move_is_said_to_wait(run: Run) -> None:
    assert texts(run(LOCKED, "upstream").seek(1), 80)[1:] == [
        " vcpu0*waits wait                 0x00c50078 - - - 0xc847c663f TVM Device-nGnRnE",
        " vmm   waits start                -          - - - -           -   Write-Back",
    ]


def test_where_it_is_narrow_a_register_makes_way_but_for_the_field_that_matters(run: Run) -> None:
    assert texts(run("secondary-stale-line").seek(17), 60) == [
        " vCPU  is in              SCTLR_EL1  M C I TVM next access",
        " vcpu0 guest end          0x00c5107d M C I --- Write-Back",
        " vcpu1*KVM kvm_toggle_ca…*0x00c5107d*M*C*I TVM*Write-Back",
    ]


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("scenario", scenario_names())
def test_of_each_register_and_field_it_can_be_asked_why(
    session: Callable[..., Session], scenario: str, width: int
) -> None:
    opened = session(scenario)
    last = len(opened.timeline.steps)
    for step in (0, last // 2, last):
        there = opened.seek(step)
        rows = actor_table(there.timeline, width).rows
        asked = [cell.asks for row in rows for cell in row.cells if cell.asks]
        vcpus = len(there.timeline.machine.vcpus)
        # SCTLR_EL1 and M, C, I of it; HCR_EL2 where there is room, and TVM of it.
        assert len(set(asked)) == len(asked) == vcpus * (5 if width == 60 else 6)
        for asks in asked:
            assert answer(there, asks)[0].step in (None, *range(step + 1))


def test_a_vmm_has_no_registers_to_ask_for(run: Run) -> None:
    *_, vmm = actor_table(run(LOCKED, "upstream"), 80).rows
    assert [cell.asks for cell in vmm.cells] == [""] * len(vmm.cells)
