"""The panes: every panel of a run, laid out by where `places` says that each is to lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.widget import Widget

from engine.machine.actors import actors
from engine.transition import Step
from tui.presenters.key_names import KeyNames
from tui.presenters.layout import EVERY, Arrangement, Box, Needs, Pane, Places, places
from tui.presenters.panels.memory import memory_rows
from tui.presenters.scrubber.lanes import lane_count
from tui.session.session import Session
from tui.widgets.panels.choice_panel import ChoicePanel
from tui.widgets.panels.deck_tabs import DeckTabs
from tui.widgets.panels.event_list import EventList
from tui.widgets.panels.flush_panel import FlushPanel
from tui.widgets.panels.listings import SourcePanel
from tui.widgets.panels.panel import Panel
from tui.widgets.panels.placing import PlacingContainer
from tui.widgets.panels.programs import Programs
from tui.widgets.panels.stop_panel import StopPanel
from tui.widgets.panels.tables import ActorPanel, MemoryPanel
from tui.widgets.panels.tree_panel import TreePanel
from tui.widgets.panels.why_panel import WhyPanel
from tui.widgets.scrubber import Scrubber

MOST_DECKS: Final = 3


class Panes(PlacingContainer):
    """Holds every panel of a run, and knows which of them are seen."""

    session: reactive[Session | None] = reactive(None, repaint=False)
    arrangement: reactive[Arrangement] = reactive(Arrangement(), repaint=False)

    def __init__(self, session: Session, keys: KeyNames, offered: Iterable[Pane] = EVERY) -> None:
        super().__init__(id="panes")
        self.set_reactive(Panes.session, session)
        self.offered: Final = frozenset(offered)
        self.memory: Final = MemoryPanel(Pane.MEMORY)
        self.vcpus: Final = ActorPanel(Pane.VCPUS)
        self.source: Final = SourcePanel(Pane.SOURCE)
        self.programs: Final = Programs(len(actors(session.setup)))
        self.choices: Final = ChoicePanel(Pane.CHOICES)
        self.branches: Final = TreePanel(Pane.BRANCHES)
        self.why: Final = WhyPanel(Pane.WHY, keys)
        self.stops: Final = StopPanel(Pane.STOPS, keys)
        self.scrubber: Final = Scrubber()
        self._panes: Final[dict[Pane, Panel | Programs | Scrubber]] = {
            Pane.LANES: self.scrubber,
            Pane.VCPUS: self.vcpus,
            Pane.MEMORY: self.memory,
            Pane.SOURCE: self.source,
            Pane.PROGRAMS: self.programs,
            Pane.EVENTS: EventList(Pane.EVENTS, keys),
            Pane.CHOICES: self.choices,
            Pane.BRANCHES: self.branches,
            Pane.WHY: self.why,
            Pane.FLUSHES: FlushPanel(Pane.FLUSHES),
            Pane.STOPS: self.stops,
        }
        self._tabs = tuple(DeckTabs(id=f"tabs{index}") for index in range(MOST_DECKS))
        self.places = Places({}, ())
        self._placed_for: tuple[Size, Arrangement] | None = None
        self._placed_steps: tuple[Step, ...] | None = None

    def compose(self) -> ComposeResult:
        """Yield every pane, and the tabs of the decks."""
        for pane in self._panes.values():
            yield pane.data_bind(session=Panes.session)
        yield from self._tabs

    def on_mount(self) -> None:
        """Keep the tabs up to date."""
        for pane in self._panes.values():
            if isinstance(pane, Panel):
                self.watch(pane, "remark", self._retab, init=False)

    @property
    def seen(self) -> tuple[Pane, ...]:
        """The panes that are on the screen, in the order in which Tab goes through them."""
        return tuple(pane for pane in Pane if pane in self.places.boxes)

    @property
    def is_arranged(self) -> bool:
        """Whether every pane has the place that it is to have."""
        return self._placed_for is not None and self._placed_for[1] == self.arrangement

    @property
    def focused(self) -> Pane | None:
        """The pane that the arrows belong to."""
        return next((name for name, pane in self._panes.items() if pane.has_focus_within), None)

    def regions(self, size: Size) -> list[tuple[Widget, Region]]:
        """Return where each pane that is seen lies, and each deck's tabs."""
        self._place(size)
        boxes = self.places.boxes
        return [
            *((self._panes[pane], _region(box)) for pane, box in boxes.items()),
            *(
                (tabs, _region(deck.box))
                for tabs, deck in zip(self._tabs, self.places.decks, strict=False)
            ),
        ]

    def watch_session(self, before: Session | None, session: Session | None) -> None:
        """Make room for another run."""
        if before is None or session is None or before.timeline.steps is session.timeline.steps:
            return
        self._arrange_anew()

    def watch_arrangement(self) -> None:
        """Arrange the panes anew."""
        self._arrange_anew()

    def bring(self, pane: Pane) -> None:
        """Bring a pane to the front of its deck, and show it again if it was hidden or covered."""
        arrangement = attrs.evolve(
            self.arrangement,
            hidden=self.arrangement.hidden - {pane},
            zoomed=self.arrangement.zoomed and pane,
        )
        unzoomed = attrs.evolve(arrangement, zoomed=None)
        deck = self._places(self.size, unzoomed).deck_of(pane)
        if deck is not None:
            arrangement = attrs.evolve(arrangement, front={**arrangement.front, deck.name: pane})
        if arrangement != self.arrangement:
            self.arrangement = arrangement

    def focus_pane(self, pane: Pane) -> None:
        """Let the arrows belong to a pane that is seen, before the next key is looked at."""
        widget = self._panes[pane]
        match widget:
            case Programs():
                self.screen.set_focus(widget.panels[0], scroll_visible=False)
            case Panel():
                self.screen.set_focus(widget, scroll_visible=False)
            case Scrubber():
                pass

    def on_descendant_focus(self) -> None:
        """Mark the tabs of the pane that the arrows belong to."""
        self._retab()

    def on_descendant_blur(self) -> None:
        """Unmark the tabs."""
        self._retab()

    def _arrange_anew(self) -> None:
        # What a widget keeps of where its children lie is forgotten when one of them asks.
        self._tabs[0].refresh(layout=True)

    def _retab(self) -> None:
        focused = self.focused
        for tabs, deck in zip(self._tabs, self.places.decks, strict=False):
            front = self._panes[deck.front]
            tabs.deck = deck
            tabs.focused = focused is deck.front
            tabs.remark = front.remark if isinstance(front, Panel) else ""

    def _release_focus(self) -> None:
        """Take the arrows from a panel that cannot be seen any more."""
        focused = self.screen.focused
        if isinstance(focused, Panel) and not focused.placed:
            self.screen.set_focus(None)

    def _place(self, size: Size) -> None:
        steps = None if self.session is None else self.session.timeline.steps
        if steps is self._placed_steps and self._placed_for == (size, self.arrangement):
            return
        self._placed_steps, self._placed_for = steps, (size, self.arrangement)
        self.places = self._places(size, self.arrangement)
        fronts = {deck.front for deck in self.places.decks}
        for name, pane in self._panes.items():
            pane.placed = name in self.places.boxes
            if isinstance(pane, Panel):
                pane.headed = name not in fronts or name is Pane.SOURCE
        self._retab()
        self.call_later(self._release_focus)

    def _places(self, size: Size, arrangement: Arrangement) -> Places:
        assert self.session is not None
        timeline = self.session.timeline
        needs = Needs(
            lanes=1 + lane_count(timeline.initial.setup),
            vcpus=1 + len(actors(timeline.initial.setup)),
            memory=lambda width: memory_rows(timeline, width, self.memory.sizes(timeline)),
        )
        return places(size.width, size.height, needs, arrangement, self.offered)


def _region(box: Box) -> Region:
    return Region(box.x, box.y, box.width, box.height)
