from __future__ import annotations

from collections import Counter
from pathlib import Path

import attrs
import pytest

from tui.files.configuration import read_configuration
from tui.keys.command import Command
from tui.keys.declared import COMPARE, DEBUGGER, EVERYWHERE, MORE, OF_QUIZ, OF_TOUR, PICKER
from tui.keys.keymap import DISTINCT, Keymap

SCREENS = ["debugger", "compare", "picker", "tour", "quiz"]


def commands(keymap: Keymap, screen: str) -> tuple[Command, ...]:
    every: tuple[Command, ...] = getattr(keymap, screen)
    return every


def keys(keymap: Keymap, screen: str) -> dict[str, tuple[str, ...]]:
    return {command.name: command.keys for command in commands(keymap, screen)}


def test_without_keys_of_the_users_all_are_as_declared() -> None:
    always = (MORE, *EVERYWHERE)
    for screen, declared in (("debugger", DEBUGGER), ("compare", COMPARE), ("picker", PICKER)):
        assert keys(Keymap(), screen) == {each.name: each.keys for each in (*declared, *always)}


def test_a_title_speaks_of_other_commands_by_their_keys() -> None:
    titles = {each.name: each.title for each in Keymap({"previous-event": ("ctrl+p",)}).debugger}
    assert (titles["kind"], titles["search"]) == (
        "Choose the kind of event for n and Ctrl+P",
        "Search the events; n and Ctrl+P go on",
    )


def test_the_users_keys_take_the_place_of_the_declared_on_every_screen_that_has_them() -> None:
    keymap = Keymap({"step": ("d", "f5"), "quit": ("Q",)})
    every = [keys(keymap, screen) for screen in SCREENS]
    assert [each.get("step") for each in every] == [
        ("d", "f5"),
        ("d", "f5"),
        None,
        ("d", "f5"),
        ("f5",),
    ]
    assert [each["quit"] for each in every] == [("Q",)] * len(SCREENS)
    (step,) = (each for each in keymap.debugger if each.name == "step")
    assert step == attrs.evolve(DEBUGGER[0], keys=("d", "f5"))


def test_a_tour_takes_keys_from_moves_that_have_others() -> None:
    tour = keys(Keymap(), "tour")
    assert list(tour)[:2] == [command.name for command in OF_TOUR]
    assert (tour["next-note"], tour["step"]) == (("space", "pagedown", "right"), ("l",))
    assert {*keys(Keymap(), "debugger")} - {*tour} == {
        *("play", "faster", "slower"),
        *("ten-forward", "ten-back"),
    }


def test_a_tour_takes_the_keys_that_the_user_has_given_its_commands() -> None:
    tour = keys(Keymap({"next-note": ("l",), "step": ("l", "right")}), "tour")
    assert (tour["next-note"], tour["step"]) == (("l",), ("right",))


def test_a_tour_never_plays_by_itself() -> None:
    tour = keys(Keymap({"play": ("f5",), "next-note": ("l",), "step": ("right",)}), "tour")
    assert {"play", "faster", "slower"} & {*tour} == set()


def test_a_quiz_has_its_answers_and_ways_through_the_run_alone() -> None:
    quiz = keys(Keymap(), "quiz")
    assert list(quiz) == [
        *(command.name for command in OF_QUIZ),
        *("step", "back", "next-instruction", "previous-instruction"),
        *("next-statement", "previous-statement", "exact", "next-finding", "previous-finding"),
        *("start", "end", "leave", "more", "help", "quit"),
    ]


CONFIGURATIONS = [
    "",
    "[keys]\nstep = 'd'\ncompare = ['right', 'l']\ndivergence = 'g'\nstart = '0'\n",
    "[keys]\nnext-note = ['l', 'n', '0']\nprevious-note = 'h'\n",
    "[keys]\nanswer-a = ['right', 'j']\nanswer-b = 'escape'\n",
]


@pytest.mark.parametrize("written", CONFIGURATIONS)
@pytest.mark.parametrize("screen", SCREENS)
def test_on_no_screen_a_key_does_two_things_whatever_the_user_may_write(
    tmp_path: Path, screen: str, written: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(written)
    keymap = Keymap(read_configuration(path, groups=DISTINCT, themes=()).keys)
    counts = Counter(key for command in commands(keymap, screen) for key in command.keys)
    assert [key for key, count in counts.items() if count > 1] == []


def test_what_must_not_share_keys_is_what_the_screens_have() -> None:
    keymap = Keymap()
    assert list(DISTINCT) == SCREENS
    for screen in ("debugger", "compare", "picker"):
        assert {each.name: each.keys for each in DISTINCT[screen]} == keys(keymap, screen)
    for screen in ("tour", "quiz"):
        own = {command.name for command in DISTINCT[screen]}
        assert own <= {*keys(keymap, screen)}
