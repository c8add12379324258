"""Arrangement: which panes are seen and in front, and which one the arrows belong to."""

from __future__ import annotations

from asyncio import Event, wait_for
from typing import Final

import attrs
from textual.message import Message
from textual.screen import Screen

from tui.presenters.layout import Arrangement, Pane
from tui.screens.choice import ToggleScreen
from tui.screens.run_screen import RunScreen

PATIENCE: Final = 5.0
"""Seconds that what is typed waits at most for a pane to have its place."""
_FOCUSABLE: Final = tuple(pane for pane in Pane if pane is not Pane.LANES)


class Rearranged(Message):
    """The user has arranged the panes in another way."""

    def __init__(self, arrangement: Arrangement) -> None:
        super().__init__()
        self.arrangement = arrangement


class Arranger:
    """Arranges the panes of a run, and lets what is typed wait until they lie where they are to."""

    def __init__(self, screen: RunScreen, arrangement: Arrangement | None) -> None:
        self._screen = screen
        self._panes = screen.panes
        if arrangement is not None:
            self._panes.set_reactive(type(self._panes).arrangement, arrangement)
        self._laid_out = Event()
        """Set unless a pane was asked for that has no place yet."""
        self._laid_out.set()
        self._awaited: Pane | None = None

    def begin(self) -> None:
        """Look for panes that were asked for whenever all have their places."""
        signal = self._screen.screen_layout_refresh_signal
        signal.subscribe(self._screen, self._focus_awaited, immediate=True)

    async def arranged(self) -> None:
        """Wait until the pane that was asked for has its place, if there is room for any.

        Once waiting was in vain, what is typed does not wait for that pane again.
        """
        if not self._panes.display:
            return
        try:
            await wait_for(self._laid_out.wait(), PATIENCE)
        except TimeoutError:
            self._laid_out.set()

    def show(self, pane: Pane, *, remember: bool = True) -> None:
        """Bring a pane forward, and let the arrows belong to it."""
        if remember:
            self.bring(pane)
        else:
            self._panes.bring(pane)
        self._awaited = pane
        self._laid_out.clear()
        self._focus_awaited(self._screen)

    def bring(self, pane: Pane) -> None:
        """Bring a pane to the front of its deck, and let that be remembered."""
        self._panes.bring(pane)
        self._rearranged()

    def try_leave(self) -> bool:
        """Give a zoomed pane its place back; say whether one was zoomed."""
        zoomed = self._panes.arrangement.zoomed is not None
        if zoomed:
            self.action_zoom()
        return zoomed

    def action_focus_panel(self, by: int) -> None:
        """Let the arrows belong to the next pane that is seen, or to one before."""
        seen = [pane for pane in _FOCUSABLE if pane in self._panes.seen]
        if not seen:
            return
        here = self._panes.focused
        at = seen.index(here) + by if here in seen else (0 if by > 0 else -1)
        self._panes.focus_pane(seen[at % len(seen)])

    def action_turn_tab(self, by: int) -> None:
        """Bring the next pane of a deck forward: of the one with the focus, else of the last."""
        decks = self._panes.places.decks
        if not decks:
            self._screen.tell("No panes share a place here.")
            return
        focused = self._panes.focused
        deck = next((each for each in decks if focused is each.front), decks[-1])
        pane = deck.panes[(deck.panes.index(deck.front) + by) % len(deck.panes)]
        if focused is deck.front:
            self.show(pane)
        else:
            self.bring(pane)

    def action_zoom(self) -> None:
        """Give the pane with the focus the whole screen, or back."""
        arrangement = self._panes.arrangement
        pane = self._panes.focused
        if arrangement.zoomed is None and pane is None:
            self._screen.tell(
                self._screen.key_names.fill("{focus} first chooses the panel to zoom.")
            )
            return
        self._screen.tell("")
        zoomed = None if arrangement.zoomed is not None else pane
        self._panes.arrangement = attrs.evolve(arrangement, zoomed=zoomed)

    def action_choose_panels(self) -> None:
        """Ask which panes are to be seen."""
        panes = [pane for pane in Pane if pane in self._screen.offered]
        hidden = self._panes.arrangement.hidden
        shown = frozenset(index for index, pane in enumerate(panes) if pane not in hidden)
        names = [pane.value for pane in panes]

        def take_up(chosen: frozenset[int] | None) -> None:
            if chosen is None:
                return
            hide = frozenset(pane for index, pane in enumerate(panes) if index not in chosen)
            self._panes.arrangement = attrs.evolve(self._panes.arrangement, hidden=hide)
            self._rearranged()

        toggles = ToggleScreen("Which panels are to be seen?", names, shown)
        self._screen.app.push_screen(toggles, take_up)

    def _focus_awaited(self, _: Screen[None]) -> None:
        """Let the arrows belong to the pane that was asked for, once it has its place."""
        if self._awaited is not None and self._panes.is_arranged:
            self._panes.focus_pane(self._awaited)
            self._awaited = None
            self._laid_out.set()

    def _rearranged(self) -> None:
        self._screen.post_message(Rearranged(self._panes.arrangement))
