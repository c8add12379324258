from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.memory import memory_table, sizes
from tui.presenters.rows import Cell, Row, Tone

Run = Callable[..., Timeline]

VALUES = """
title = "Long values"
teaches = "Three actors."
schedule = ["vcpu0 finish", "vmm finish"]
[hardware]
pcpus = 1
[memory]
mapped = []
words = { x = { address = 0x4000_0000 }, y = { address = 0x4000_0008, value = 7 } }
[[vcpu]]
registers = { x0 = 0x1234567890abcdef, x1 = 0x4000_0000 }
program = "str x0, [x1]"
[[vcpu]]
power = "off"
program = "nop"
[vmm]
program = "ldr x0, =x; ldr x1, [x0]"
"""


def texts(timeline: Timeline, width: int) -> list[str]:
    table = memory_table(timeline, width, sizes(timeline))
    return [table.header.rstrip(), *(row.text.rstrip() for row in table.rows)]


def test_a_store_around_the_caches_leaves_a_latent_copy(run: Run) -> None:
    assert texts(run("secondary-stale-line").seek(15), 80) == [
        " word    RAM         cached copy held by       vcpu0 sees ≥due  vcpu1 sees ≥due",
        " x      *1 v1       *0 v0 latent clean pcpu0   0 v0 ≥v0        *1 v1 ≥v1",
    ]


def test_from_the_exact_step_on_the_copy_is_stale_for_the_loader_by_word_and_by_tone(
    run: Run,
) -> None:
    timeline = run("secondary-stale-line").seek(24)
    assert memory_table(timeline, 80, sizes(timeline)).rows == (
        Row(
            (
                Cell(" x      ", Tone.STRONG),
                Cell(" 1 v1       "),
                Cell(" 0 v0 latent", Tone.LATENT),
                Cell(" clean pcpu0  "),
                Cell(" 0 v0 ≥v0        "),
                Cell("*0 v0 ≥v1 STALE  ", Tone.STALE, changed=True),
            )
        ),
    )


def test_in_kvm_what_a_vcpu_would_see_is_not_stale_yet(run: Run) -> None:
    assert texts(run("secondary-stale-line").seek(20), 80)[1] == (
        " x       1 v1        0 v0 latent clean pcpu0   0 v0 ≥v0         0 v0 ≥v1 KVM"
    )


def test_where_one_row_is_too_narrow_who_sees_what_goes_below(run: Run) -> None:
    assert texts(run(VALUES, "upstream").seek(5), 80) == [
        " word    RAM                      cached copy              held by       stage 2",
        " x      *0x12345…abcdef v1        -                        -             mapped",
        "  *vcpu0 sees 0x12345…abcdef v1 ≥v1      *vcpu1 sees 0x12345…abcdef v1 ≥v0 off",
        "  *vmm sees 0x12345…abcdef v1 ≥v0",
        " +y      7 v0                     -                        -             mapped",
        "   vcpu0 sees 7 v0 ≥v0                    vcpu1 sees 7 v0 ≥v0 off",
        "   vmm sees 7 v0 ≥v0",
    ]


def test_rows_and_columns_never_move_in_a_run(run: Run) -> None:
    for timeline in (run("secondary-stale-line"), run(VALUES, "upstream")):
        room = sizes(timeline)
        for width in (80, 120, 200):
            shapes = {
                tuple(
                    tuple(len(cell.text) for cell in row.cells)
                    for row in memory_table(timeline.seek(step), width, room).rows
                )
                for step in range(len(timeline.steps) + 1)
            }
            assert len(shapes) == 1
