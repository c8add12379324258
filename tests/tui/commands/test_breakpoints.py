from __future__ import annotations

import pytest

from tests.tui.commands.typed import after, do
from tui.commands.breakpoints import MOST, hits_text
from tui.session.session import Session


def test_breakpoints_are_listed_with_the_steps_they_stop_at(headline: Session) -> None:
    _, said = do(
        headline, "b vcpu1:load if not dirty[x]", "tb skip", "watch x[vcpu1][3]", "d 2",
        "disable 3", "b statement", "info b",
    )  # fmt: skip
    assert said == [
        "1: break vcpu1:load if not dirty[x], at step 25",
        "3: watch x[vcpu1][3], disabled, at no step of this run",
        "4: break statement, at 13 steps: 3, 4, 5, 6, 9, 10, 11, 18, …",
    ]
    assert do(headline, "info breakpoints")[1] == ["no breakpoints"]


def test_a_breakpoint_is_made_again_by_the_command_that_it_names(headline: Session) -> None:
    made = after(
        headline, "b 12", "b skip if step > 3", "tb vcpu0:enable", "watch ram[x]", "b if 1"
    )
    again = after(headline, *(each.command(made.setup) for each in made.stops))
    assert again.stops == made.stops


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (("toggle 12",), ["1: break vcpu0-only.c:12, at steps 4, 19"]),
        (("toggle 12", "toggle vcpu0-only.c:12"), []),
        (("toggle ski",), ["1: break skip, at step 20"]),
        (("toggle vcpu1:load", "toggle vcpu1:load"), []),
        (("b 12", "tb 12", "toggle 12"), []),
        (
            ("b 12 if step > 4", "toggle 12"),
            [
                "1: break vcpu0-only.c:12 if step > 4, at step 19",
                "2: break vcpu0-only.c:12, at steps 4, 19",
            ],
        ),
        (
            ("b 12 if step > 4", "toggle 12", "toggle 12"),
            ["1: break vcpu0-only.c:12 if step > 4, at step 19"],
        ),
    ],
)
def test_toggle_takes_the_plain_breakpoints_at_a_place_away_or_sets_one(
    headline: Session, lines: tuple[str, ...], left: list[str]
) -> None:
    assert do(headline, *lines, "info breakpoints")[1] == (left or ["no breakpoints"])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("b 12", "b trap", "delete"), "2 breakpoints deleted"),
        (("b 12", "b trap", "delete 2"), "1 breakpoint deleted"),
        (("b 12", "b trap", "disable 1 2"), "2 breakpoints disabled"),
        (("b 12", "enable"), "1 breakpoint enabled"),
        (("toggle 12", "toggle 12"), "1 breakpoint deleted"),
        (("delete",), "0 breakpoints deleted"),
        (("b 12", "d 1 x"), "found 'x'; expected a breakpoint's number: 1"),
        (("toggle nowhere",), "column 8: found 'nowhere'; expected a line (12, upstream.c:12), a "
         "function, a label (vcpu1:load, vcpu1:load+1) or an event's kind; did you mean power?"),
    ],
)  # fmt: skip
def test_what_was_done_to_breakpoints_is_said(
    headline: Session, lines: tuple[str, ...], said: str
) -> None:
    assert do(headline, *lines)[1] == [said]


def test_numbers_are_not_given_twice(headline: Session) -> None:
    made = after(headline, "b 12", "b trap", "delete", "watch ram[x]", "toggle skip")
    assert [each.number for each in made.stops] == [3, 4]
    assert made.stops.numbered == 4


def test_there_is_an_end_to_the_number_of_breakpoints(headline: Session) -> None:
    full = after(headline, *["b trap"] * MOST)
    for line in ("b 12", "watch ram[x]", "toggle 12", "tbreak 12"):
        expected = "found 100 breakpoints; expected fewer (delete N removes one)"
        assert do(full, line) == (full, [expected])
    assert do(full, "delete 7", "b 12")[1] == ["101: break vcpu0-only.c:12, at steps 4, 19"]


def test_many_stops_are_counted_and_the_first_of_them_shown() -> None:
    assert hits_text(()) == "at no step of this run"
    assert hits_text((7,)) == "at step 7"
    assert hits_text(range(1, 9)) == "at steps 1, 2, 3, 4, 5, 6, 7, 8"
    assert hits_text(range(1, 10)) == "at 9 steps: 1, 2, 3, 4, 5, 6, 7, 8, …"
