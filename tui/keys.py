"""The commands, declared once: keys, footer, palette and help are made from these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

_SPELLED: Final = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "escape": "Esc",
    "enter": "Enter",
    "question_mark": "?",
    "ctrl+p": "Ctrl+P",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
}


@attrs.frozen
class Command:
    """One thing the user can ask for."""

    action: str
    """The name of the screen's or the app's action."""
    keys: tuple[str, ...]
    title: str
    """What it does, as the palette and the help say it."""
    footer: str = ""
    """Its word in the footer, shared by the two directions of a move; empty: not there."""

    @property
    def spelled(self) -> tuple[str, ...]:
        """The keys as a reader knows them."""
        return tuple(_SPELLED.get(key, key) for key in self.keys)


MOVES: Final = (
    Command("forward", ("right", "l"), "One step forward", "step"),
    Command("back", ("left", "h"), "One step back", "step"),
    Command("next_instruction", ("down", "j"), "To the next guest instruction", "guest"),
    Command("previous_instruction", ("up", "k"), "To the previous guest instruction", "guest"),
    Command("next_statement", ("s",), "To the next statement of KVM's policy", "KVM"),
    Command("previous_statement", ("S",), "To the previous statement of KVM's policy", "KVM"),
    Command("exact", ("x",), "To the exact step: from here on memory is stale", "exact"),
    Command("next_finding", ("f",), "To the next finding", "finding"),
    Command("previous_finding", ("F",), "To the previous finding", "finding"),
)
"""How one goes from step to step of a run."""

LEAPS: Final = (
    Command("start", ("g", "home"), "To the start", "ends"),
    Command("end", ("G", "end"), "To the last step", "ends"),
    Command("ten_forward", ("pagedown",), "Ten steps forward"),
    Command("ten_back", ("pageup",), "Ten steps back"),
)
"""How one goes through it faster."""

EXPLORING: Final = (
    Command("explore_here", ("e",), "Explore every interleaving from this step on", "explore"),
    Command("explore_all", ("E",), "Explore every interleaving of the scenario", "explore"),
    Command("former_run", ("u",), "Back to the run before a counterexample", "undo"),
    Command("later_run", ("U",), "Forward to the counterexample again", "undo"),
)
"""How one asks what else can happen."""

LEAVE: Final = Command("leave", ("escape",), "Cancel the exploring, else back to the scenarios")

DEBUGGER: Final = (*MOVES, *EXPLORING, *LEAPS, LEAVE)
"""What the debugger screen does."""

OF_TOUR: Final = (
    Command("next_note", ("space", "pagedown", "right"), "To the next note", "note"),
    Command("previous_note", ("backspace", "pageup", "left"), "To the note before", "note"),
)
"""What a tour adds to the debugger; its keys take those of a presenter's remote control."""

OF_QUIZ: Final = (
    Command("answer(0)", ("a", "1"), "Answer a", "answer"),
    Command("answer(1)", ("b", "2"), "Answer b", "answer"),
    Command("answer(2)", ("c", "3"), "Answer c", "answer"),
    Command("answer(3)", ("d", "4"), "Answer d", "answer"),
    Command("next_question", ("space", "enter"), "To the next question", "on"),
)
"""What a quiz adds to going through a run, which it shows up to the question alone."""


def without(commands: Iterable[Command], others: Iterable[Command]) -> Iterator[Command]:
    """Yield commands with the keys they have left beside others, if they have any."""
    taken = {key for other in others for key in other.keys}
    for command in commands:
        keys = tuple(key for key in command.keys if key not in taken)
        if keys:
            yield attrs.evolve(command, keys=keys)


TOUR: Final = (*OF_TOUR, *without(DEBUGGER, OF_TOUR))
"""What the tour's screen does."""

QUIZ: Final = (*OF_QUIZ, *MOVES, *LEAPS, attrs.evolve(LEAVE, title="Back to the scenarios"))
"""What the quiz's screen does."""

PICKER: Final = (
    Command("open", ("enter",), "Open the scenario under the policy", "open"),
    Command("other_list", ("tab",), "Between scenarios and policies", "scenarios, policies"),
)
"""What the picker does."""

EVERYWHERE: Final = (
    Command("help", ("question_mark",), "Explain the screen and its keys", "help"),
    Command("quit", ("q",), "Quit", "quit"),
)
"""What every screen does."""


@attrs.frozen
class FooterEntry:
    """A word of the footer with its keys; a click on it does the first of its commands."""

    keys: str
    word: str
    action: str


def footer_entries(commands: Iterable[Command]) -> Iterator[FooterEntry]:
    """Yield the footer's entries: commands that share a word share an entry."""
    words: dict[str, list[Command]] = {}
    for command in commands:
        if command.footer:
            words.setdefault(command.footer, []).append(command)
    for word, group in words.items():
        keys = [command.spelled[0] for command in group]
        # Arrows point away from each other; a letter and its capital read on from the small one.
        pair = "".join(reversed(keys)) if keys[0] in "→↓" else "/".join(keys)
        yield FooterEntry(pair, word, group[0].action)
