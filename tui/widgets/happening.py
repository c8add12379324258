"""What just happened, in one sentence, and the scenario's remark on it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Static

from engine.timeline import Timeline
from tui.presenters.heading import happened
from tui.presenters.runs import NO_NOTES, Notes, note_at


class Happening(Vertical):
    """Shows the sentence of the step at the cursor, and where there is room the latest note."""

    timeline: reactive[Timeline | None] = reactive(None, repaint=False)
    notes: reactive[Notes] = reactive(NO_NOTES, repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self._sentence = Static(id="sentence", markup=False)
        self._note = Static(id="note", markup=False)

    def compose(self) -> ComposeResult:
        """Yield the sentence and the note."""
        yield self._sentence
        yield self._note

    def watch_timeline(self, timeline: Timeline | None) -> None:
        """Say what happened at another step."""
        if timeline is None:
            return
        self._sentence.update(happened(timeline), layout=False)
        self._note.update(note_at(self.notes, timeline.cursor), layout=False)

    def watch_notes(self) -> None:
        """Take up the notes of another run."""
        self.watch_timeline(self.timeline)
