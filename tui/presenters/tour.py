"""A tour: what a presenter shows, page by page, and at which step of the run each page stands."""

from __future__ import annotations

from itertools import count

import attrs

from scenarios.run import Run
from tui.presenters.verdict import verdict
from tui.presenters.words import counted


@attrs.frozen
class Page:
    """One thing to say, in words that fill a screen."""

    step: int
    where: str
    """Such as `note 2 of 5`."""
    text: str


def pages(run: Run, teaches: str) -> tuple[Page, ...]:
    """Return the pages: what is to be learnt, each note at its step, and how the run ends."""
    noted = {step: texts for step, texts in run.notes.items() if texts}
    total = len(noted)
    first = Page(0, f"{counted(total, 'note')} to come", _flowing(run.subject.title, teaches))
    notes = (
        Page(step, f"note {number} of {total}", _flowing(*texts))
        for number, (step, texts) in zip(count(1), noted.items(), strict=False)
    )
    last = Page(len(run.timeline.steps), "the end", _flowing(verdict(run.timeline)))
    return (first, *notes, last)


def page_at(pages: tuple[Page, ...], step: int, near: int) -> int:
    """Return the page to show at a step: `near` if it stands there, else the latest before."""
    if pages[near].step == step:
        return near
    return max(index for index, page in enumerate(pages) if page.step <= step)


def next_page(pages: tuple[Page, ...], step: int, near: int) -> int | None:
    """Return the page that a presenter turns to from a step, None after the last."""
    here = page_at(pages, step, near)
    return here + 1 if here + 1 < len(pages) else None


def previous_page(pages: tuple[Page, ...], step: int, near: int) -> int | None:
    """Return the page that a presenter turns back to from a step, None before the first."""
    here = page_at(pages, step, near)
    if pages[here].step < step:
        return here
    return here - 1 if here else None


def whereabouts(page: Page, step: int) -> str:
    """Return which page is shown, and how far the run has gone on since."""
    since = step - page.step
    return page.where if since == 0 else f"{page.where}, {counted(since, 'step')} on"


def _flowing(*paragraphs: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
