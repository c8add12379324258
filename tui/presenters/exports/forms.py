"""The forms in which a run is shared as text, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tui.presenters.exports.itf import run_as_itf
from tui.presenters.exports.mail import run_as_mail
from tui.presenters.exports.markdown import run_as_markdown
from tui.presenters.exports.run_json import run_as_json
from tui.presenters.exports.shared import SharedRun

AT_A_STEP: Final[Mapping[str, Callable[[SharedRun, int | None], str]]] = {
    "mail": run_as_mail,
    "markdown": run_as_markdown,
}
"""The forms that look at a step, and have the command that replays the run."""

WHOLE: Final[Mapping[str, Callable[[SharedRun], str]]] = {
    "json": run_as_json,
    "itf": run_as_itf,
}
"""The forms that have every step, and no command."""
