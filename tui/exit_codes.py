"""The exit codes of every command, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.findings import Verdict

PASSED: Final = 0
"""All that was asked about is safe, expected or right; or what was asked for is done."""
FAILED: Final = 1
"""Something is unsafe, not as a scenario expects it, or a wrong answer."""
BAD_INPUT: Final = 2
UNDETERMINED: Final = 3
"""A limit was reached, or what was asked about was not read or not reached to its end."""
INTERRUPTED: Final = 130
NOBODY_READS: Final = 141
"""The last two are what a shell reports for SIGINT and SIGPIPE."""


def code_of(verdicts: Iterable[Verdict]) -> int:
    """Return the exit code of several verdicts: one that is unsafe outweighs all others."""
    from engine.findings import Verdict

    every = frozenset(verdicts)
    if Verdict.UNSAFE in every:
        return FAILED
    return UNDETERMINED if Verdict.UNDETERMINED in every else PASSED
