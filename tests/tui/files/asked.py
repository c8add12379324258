"""What comes of a request where nothing is shown, and nothing else goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from tui.commands.command import Lines
from tui.files.outside_work import do
from tui.session.comparison import Comparison
from tui.session.requests import Compare, Swap
from tui.session.session import Session

_T = TypeVar("_T")


@attrs.define
class Asked:
    """Surroundings that keep what they are given."""

    now: Session
    said: Lines = ()
    compared: Comparison | None = None
    texts: list[tuple[str, bool]] = attrs.field(factory=list)

    def wrote(self, session: Session, lines: Lines) -> None:
        self.now, self.said = session, lines

    def hand_over(self, text: str, *, mail: bool) -> None:
        self.texts.append((text, mail))

    def picture(self, session: Session) -> str:
        return f"<svg>{session.timeline.cursor}</svg>"

    def drive(
        self, work: Callable[[Callable[[int], bool]], _T], done: Callable[[_T], None]
    ) -> None:
        done(work(lambda _: True))

    def show_run(self, session: Session, lines: Lines) -> None:
        self.now, self.said = session, lines

    def show_comparison(self, made: Comparison) -> None:
        self.compared = made

    def show_foreseen(self) -> None:
        self.said = ("foreseen",)

    def edit(self) -> None:
        self.said = ("edited",)


def swap(session: Session, policy: str) -> tuple[Session, Lines]:
    """Return what comes of putting another policy into a session's KVM."""
    asked = Asked(session)
    do(Swap(policy), asked)
    return asked.now, asked.said


def comparison(session: Session, other: str) -> Comparison:
    """Return a session's run beside another branch, or as it is under another policy."""
    asked = Asked(session)
    do(Compare(other), asked)
    assert asked.compared is not None
    return asked.compared
