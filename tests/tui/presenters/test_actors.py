from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.actors import actor_table
from tui.presenters.rows import Tone

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
        " vcpu1*KVM kvm_toggle_cache:9    *0x00c5107d*M C I 0xc847c663f TVM*Write-Back",
    ]


def test_where_there_is_room_names_are_whole(run: Run) -> None:
    assert texts(run("secondary-stale-line").seek(17), 120) == [
        " vCPU  is in                             runs on SCTLR_EL1  M C I HCR_EL2     TVM "
        "next access",
        " vcpu0 guest end                         pcpu0   0x00c5107d M C I 0xc807c663f --- "
        "Normal Write-Back",
        " vcpu1*KVM kvm_toggle_cache:9            pcpu1  *0x00c5107d*M C I 0xc847c663f TVM"
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
        " vmm   waits start                -          -     -           -   Write-Back",
    ]
