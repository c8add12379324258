"""Coverage: what of a user's source a verdict speaks of, what stands in, what was not judged."""

from __future__ import annotations

import attrs


@attrs.frozen
class JudgedDefinition:
    """A function of the source that the verdict speaks of, or a variable that it goes by."""

    function: str
    file: str
    """As the user's patch or file names it."""
    lines: tuple[int, int]
    """The first and the last line, in the user's file or in the base that it changes."""
    era: str = ""
    """Whose function it equals where it is taken as the model's own; empty where it is run."""
    changed: bool = True
    """The source brings it; a function of a patch's base that the patch leaves alone is not."""
    is_function: bool = True
    is_known: bool = False
    """It is run, and equals a known kernel's as well."""

    @property
    def name(self) -> str:
        """Its name as one writes it."""
        return f"{self.function}()" if self.is_function else self.function

    @property
    def how(self) -> str:
        """How it was judged, as reports say it."""
        return f"as known ({self.era})" if self.era else "run"


@attrs.frozen
class NotJudged:
    """Something of the source that was not judged although a verdict depends on it."""

    file: str
    line: int
    """0 for the file as a whole."""
    what: str
    """The code, such as `vcpu_reset_hcr()`."""
    why: str
    """What it does to KVM's decisions, such as `changes when TVM is armed: not judged`."""

    @property
    def sentence(self) -> str:
        """What was not judged, and why, in one line."""
        return f"{self.what} ({self.file}{f', line {self.line}' if self.line else ''}) {self.why}"


@attrs.frozen
class Coverage:
    """What a policy speaks of."""

    judged: tuple[JudgedDefinition, ...] = ()
    built_in: tuple[str, ...] = ()
    """Functions that the source lacks, filled in with the built-in ones."""
    not_judged: tuple[NotJudged, ...] = ()
    """What decides, or may, and was neither run nor known: findings hold, safe is not said."""
    without_effect: tuple[str, ...] = ()
    """What a patch changes that decides nothing."""

    @property
    def run(self) -> tuple[JudgedDefinition, ...]:
        """The functions that the source brings and that were run."""
        return tuple(each for each in self.judged if each.changed and not each.era)

    @property
    def gap(self) -> str | None:
        """Why nothing can be called safe, in one line; None where something can."""
        if not self.not_judged:
            return None
        more = len(self.not_judged) - 1
        return f"{self.not_judged[0].sentence}{f'; and {more} more' if more else ''}"


EVERYTHING = Coverage()
"""What a built-in policy speaks of: all of it is the model's own."""
