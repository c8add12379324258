from __future__ import annotations

import pytest

from tests.tui.piloting import lines, opened, played
from tui.commands.prompt import perform
from tui.widgets.sentence_bar import Happening

LOST = played("false-sharing", "upstream", at=19)
"""A step whose sentence does not fit on two lines of 80 columns as it is."""


def sentence(shown: list[str]) -> list[str]:
    """Return the lines between the verdict and how things stand."""
    first = next(at for at, line in enumerate(shown) if "cleans and invalidates" in line)
    last = next(at for at, line in enumerate(shown) if "LOST since" in line)
    return [line.strip() for line in shown[first:last] if line]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (
            (60, 24),
            [
                "stage2_flush_vm() cleans and invalidates the line of x and",
                "neighbour: the dirty copy is written over the newer x = …",
            ],
        ),
        (
            (80, 24),
            [
                "stage2_flush_vm() cleans and invalidates the line of x and neighbour: the",
                "dirty copy is written over the newer x = 1, which is lost.",
            ],
        ),
        (
            (120, 40),
            [
                "stage2_flush_vm() cleans and invalidates the line of x and neighbour to the PoC: "
                "the dirty copy (x = 0, neighbour = 5)",
                "is written back to RAM and dropped, over the newer x = 1, which is lost.",
            ],
        ),
    ],
    ids=["60", "80", "120"],
)
async def test_the_sentence_is_the_longest_that_fits_on_its_two_lines(
    size: tuple[int, int], expected: list[str]
) -> None:
    async with opened(LOST, size) as (pilot, _):
        assert sentence(lines(pilot)) == expected


async def test_another_size_gives_the_sentence_other_lines() -> None:
    async with opened(LOST) as (pilot, _):
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert "to the PoC" in sentence(lines(pilot))[0]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert sentence(lines(pilot))[1].endswith("which is lost.")


async def test_a_note_too_long_for_its_two_lines_is_seen_to_be_cut() -> None:
    noted, _ = perform(LOST, "mark " + "word " * 60)
    async with opened(noted, (120, 40)) as (_, screen):
        note = screen.query_one(Happening).query_one("#note")
        shown = [strip.text.strip() for strip in note.render_lines(note.size.region)]
        assert (len(shown), shown[1][-6:]) == (2, "word …")
