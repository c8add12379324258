"""The forms in which a run is shared as text, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scenarios.policy_library import word_beside
from scenarios.written_out.guest import RunToWrite, written_out
from tui.presenters.exports.itf import run_as_itf
from tui.presenters.exports.mail import run_as_mail
from tui.presenters.exports.markdown import run_as_markdown
from tui.presenters.exports.run_json import run_as_json
from tui.presenters.exports.shared import SharedRun


def run_as_toml(run: SharedRun) -> str:
    """Return a run as a scenario of its own: of what its last finding needs, if it has one.

    Raises:
        RefusedError: the run cannot be written out, or upstream is not safe on it.
    """
    word = word_beside(run.case.policy_spec, run.path)
    return written_out(RunToWrite(run.scenario, run.policy, word, run.played.timeline))


AT_A_STEP: Final[Mapping[str, Callable[[SharedRun, int | None], str]]] = {
    "mail": run_as_mail,
    "markdown": run_as_markdown,
}
"""The forms that look at a step, and have the command that replays the run."""

WHOLE: Final[Mapping[str, Callable[[SharedRun], str]]] = {
    "json": run_as_json,
    "itf": run_as_itf,
    "toml": run_as_toml,
}
"""The forms that have every step, and no command."""
