from __future__ import annotations

import pytest

from tests.tui.commands.typed import after, check, do
from tui.commands.command import PromptCommand
from tui.commands.prompt import COMMANDS, command_named, perform
from tui.session.session import Session


@pytest.mark.parametrize("command", COMMANDS, ids=[command.name for command in COMMANDS])
def test_every_command_has_an_example_that_works_and_help_that_fits(
    headline: Session, command: PromptCommand
) -> None:
    ready = after(headline, "goto 13", "mark", "b skip", "b trap")
    done, _ = perform(ready, command.example)
    check(done)
    help_lines = do(headline, f"help {command.name}")[1]
    assert help_lines[1] == command.help
    assert help_lines[-1] == f"example: {command.example}"
    assert max(map(len, help_lines)) <= 100


def test_no_two_commands_share_a_word() -> None:
    words = [word for command in COMMANDS for word in (command.name, *command.short)]
    assert len(set(words)) == len(words)


def test_the_first_help_lists_every_command_once_and_fits(headline: Session) -> None:
    said = do(headline, "help")[1]
    assert [line.split()[0] for line in said[: len(COMMANDS)]] == [each.name for each in COMMANDS]
    assert max(map(len, said)) <= 100


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("s", "step"),
        ("b", "break"),
        ("c", "continue"),
        ("rc", "reverse-continue"),
        ("ro", "reverse-ownstep"),
        ("own", "ownstep"),
        ("x", "exact"),
        ("f", "nextfinding"),
        ("prevf", "prevfinding"),
        ("ne", "nextevent"),
        ("m", "mark"),
        ("unm", "unmark"),
        ("ren", "rename"),
        ("tog", "toggle"),
        ("k", "kind"),
        ("pol", "policy"),
        ("com", "compare"),
        ("exp", "export"),
        ("sa", "save"),
        ("fo", "foresee"),
        ("ed", "edit"),
    ],
)
def test_a_word_means_the_command_that_it_begins_or_abbreviates(word: str, name: str) -> None:
    assert command_named(word).name == name


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("help expressions", "ram[WORD]"),
        ("help events", "flush"),
        ("help ev", "flush"),
        ("help edit", "edit"),
        ("help ne", "nextevent [KIND] [N]"),
    ],
)
def test_help_tells_of_a_topic_or_a_command(headline: Session, line: str, first: str) -> None:
    same, said = do(headline, line)
    assert said[0].startswith(first)
    assert same.work == headline.work
