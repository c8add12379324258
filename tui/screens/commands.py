"""The declared commands as Textual's bindings."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from tui.keys import Command


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """Return one binding for each command, on all its keys."""
    return [
        Binding(",".join(command.keys), command.action, command.title, show=False)
        for command in commands
    ]
