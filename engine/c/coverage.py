"""Coverage: what of a user's source a policy speaks of, what stands in, what was not judged."""

from __future__ import annotations

from enum import Enum, unique

import attrs


@attrs.frozen
class Judged:
    """A function of the source that the verdict speaks of."""

    function: str
    file: str
    """As the user's patch or file names it."""
    lines: tuple[int, int]
    """The first and the last line in the user's file, 0 where they are the base's."""
    era: str = ""
    """Whose function it equals where it is taken as the model's own; empty where it is run."""

    @property
    def how(self) -> str:
        """How it was judged, as reports say it."""
        return f"as known ({self.era})" if self.era else "run"


@attrs.frozen
class NotJudged:
    """Something of the source that was not judged although a verdict depends on it."""

    file: str
    line: int
    """In the user's file; 0 where it is the base's, or the file as a whole."""
    what: str
    """The code, such as `vcpu_reset_hcr()`."""
    why: str
    """The decision of KVM that it touches, and why it could not be judged."""

    @property
    def sentence(self) -> str:
        """What was not judged, in one line."""
        place = f" ({self.file}{f', line {self.line}' if self.line else ''})" if self.file else ""
        return f"{self.what}{place}: {self.why}"


@unique
class Extent(Enum):
    """How much of a source a verdict can speak of."""

    WHOLE = "whole"
    """All that decides was run, or is as the model has it."""
    PART = "part"
    """Something that decides, or may, was not judged: what is found is found, but safe is
    not said."""
    NOTHING = "nothing"
    """Nothing that was changed can be run: a verdict would be that of the code without it."""


@attrs.frozen
class Coverage:
    """What a policy speaks of."""

    judged: tuple[Judged, ...] = ()
    built_in: tuple[str, ...] = ()
    """Functions that the source lacks, filled in with the built-in ones."""
    not_judged: tuple[NotJudged, ...] = ()
    without_effect: tuple[str, ...] = ()
    """What a patch changes that KVM does not reach when it decides."""
    is_change: bool = False
    """The source is a patch: what it does not change is not what it is judged for."""

    @property
    def extent(self) -> Extent:
        """How much of the source a verdict can speak of."""
        if self.is_change and not any(not each.era for each in self.judged):
            return Extent.NOTHING
        return Extent.PART if self.not_judged else Extent.WHOLE

    @property
    def gap(self) -> str | None:
        """Why nothing can be called safe, in one line; None where something can."""
        if not self.not_judged:
            return None
        more = len(self.not_judged) - 1
        rest = f"; and {more} more" if more else ""
        return f"not judged: {self.not_judged[0].sentence}{rest}"


EVERYTHING = Coverage()
"""What a built-in policy speaks of: it is the model's own."""
