"""A screen that lies over another one until it has given its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

LEFT: Final[Callable[[], AwaitComplete]] = AwaitComplete.nothing
"""What there is to wait for when a screen is not left by what asks it to."""

_T = TypeVar("_T")


class AnsweringScreen(ModalScreen[_T]):
    """Gives its answer once: whoever types faster than it leaves does not make others leave."""

    def dismiss(self, result: _T | None = None) -> AwaitComplete:
        """Leave with an answer, unless it has been left, or something lies over it."""
        return super().dismiss(result) if is_on_top(self) else LEFT()


def is_on_top(screen: Screen[Any]) -> bool:
    """Say whether a screen is the one that is typed to."""
    return screen.is_running and screen.app.screen_stack[-1:] == [screen]
