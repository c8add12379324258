"""What just happened, in one sentence, and the scenario's remark on it."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Static

from engine.timeline import Timeline
from tui.presenters.heading import happened


class Happening(Vertical):
    """Shows the sentence of the step at the cursor, and where there is room the latest note."""

    timeline: reactive[Timeline | None] = reactive(None, repaint=False)

    def __init__(self, notes: Mapping[int, tuple[str, ...]]) -> None:
        super().__init__()
        self._notes = notes
        self._sentence = Static(id="sentence", markup=False)
        self._note = Static(id="note", markup=False)

    def compose(self) -> ComposeResult:
        """Yield the sentence, and the note if this run has any."""
        yield self._sentence
        if self._notes:
            yield self._note

    def watch_timeline(self, timeline: Timeline | None) -> None:
        """Say what happened at another step."""
        if timeline is None:
            return
        self._sentence.update(happened(timeline), layout=False)
        last = max((step for step in self._notes if step <= timeline.cursor), default=None)
        notes = () if last is None else self._notes[last]
        self._note.update(" ".join(" ".join(note.split()) for note in notes), layout=False)
