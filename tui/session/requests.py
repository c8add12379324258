"""Requests: what a command asks for beyond the session, which is done by who performs it."""

from __future__ import annotations

from enum import Enum, unique
from typing import TypeAlias

import attrs


@unique
class Form(Enum):
    """A form in which a run can be shared."""

    MAIL = "mail"
    MARKDOWN = "markdown"
    JSON = "json"
    ITF = "itf"
    SVG = "svg"


@attrs.frozen
class Save:
    """Write the session to a file; None is the one that it was read from or saved to before."""

    path: str | None


@attrs.frozen
class Export:
    """Write the run to a file, in a form."""

    form: Form
    path: str


@attrs.frozen
class CopyToClipboard:
    """Put the command that replays the run, or the run as a mail, where it can be pasted."""

    mail: bool


@attrs.frozen
class Swap:
    """Put another policy into the run's KVM."""

    policy: str


@attrs.frozen
class Edit:
    """Edit the policy, and put what comes of it into the run's KVM."""


@attrs.frozen
class Compare:
    """Show the run beside another: under another policy, or another branch."""

    other: str


@attrs.frozen
class Foresee:
    """Tell what can follow each thing that can happen, and where there is no return."""


Request: TypeAlias = Save | Export | CopyToClipboard | Swap | Edit | Compare | Foresee
