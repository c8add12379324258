"""`export`: a run to share, written to stdout or, whole or not at all, to a file."""

from __future__ import annotations

import argparse
import os
import re
from typing import Final

from engine.arm.syntax import quote
from scenarios.schedule import ScheduleError
from tui.command_line.arguments import (
    Once,
    Subparsers,
    UsageError,
    add_policy,
    add_reading,
    check_step,
    new_command,
    step_number,
)
from tui.command_line.output import complain, say
from tui.command_line.picture import SIZE, picture
from tui.command_line.run_command import prepare
from tui.exit_codes import BAD_INPUT, PASSED
from tui.files.writing import write_whole
from tui.presenters.exports.forms import AT_A_STEP, WHOLE
from tui.presenters.exports.shared import SharedRun, step_to_show
from tui.presenters.reports.plain import printable, visible
from tui.sessions.session import Session

STDOUT: Final = "-"
SMALLEST: Final = (60, 18)
LARGEST: Final = (500, 200)
_SIZE: Final = re.compile(r"([0-9]{1,4})x([0-9]{1,4})")
_FORMATS: Final = (*AT_A_STEP, *WHOLE, "svg")


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "export",
        "write a run to share: for a mail, a web page, another tool, or as a picture",
        "export secondary-stale-line --policy vcpu0-only --format mail",
        "export secondary-stale-line --format itf -o run.itf.json",
        "export boot-on-vcpu1 --policy never --format svg -o run.svg",
    )
    parser.add_argument("name", metavar="NAME", help="a scenario's name, or a path to one")
    add_policy(parser)
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        required=True,
        action=Once,
        help="mail: 72 columns of plain ASCII; markdown: with a Mermaid diagram; json: as run "
        "--format json; itf: Apalache's trace format; svg: the debugger's screen",
    )
    parser.add_argument(
        "-o", dest="output", metavar="FILE", action=Once, help="where to (default: -, stdout)"
    )
    parser.add_argument(
        "--at",
        metavar="STEP",
        type=step_number,
        action=Once,
        help="the step to show (default: the first finding's exact step, else the last step)",
    )
    width, height = SIZE
    parser.add_argument(
        "--size",
        metavar="WxH",
        type=_size,
        action=Once,
        help=f"the screen of an svg in columns and rows (default: {width}x{height})",
    )
    add_reading(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the export; the exit code says nothing of the verdict."""
    _check(arguments)
    try:
        report = prepare(arguments)
    except ScheduleError as error:
        complain(f"{arguments.name}: {error}")
        return BAD_INPUT
    check_step(arguments.at, len(report.played.timeline.steps))
    text = _exported(report, arguments)
    if arguments.output in (None, STDOUT):
        say(text)
    else:
        _write(arguments.output, text)
    return PASSED


def _check(arguments: argparse.Namespace) -> None:
    """Refuse options that the format has no use for, and a directory to write to."""
    form = f"--format {arguments.format}"
    if arguments.at is not None and arguments.format in WHOLE:
        raise UsageError(f"--at with {form}", "it with mail, markdown or svg: this has all steps")
    if arguments.size is not None and arguments.format != "svg":
        raise UsageError(f"--size with {form}", "it with --format svg")
    if arguments.output == "" or (arguments.output and os.path.isdir(arguments.output)):
        what = "a directory" if arguments.output else "no name"
        raise UsageError(
            f"'{printable(arguments.output)}': {what}", "a file to write to, or - for stdout"
        )


def _exported(report: SharedRun, arguments: argparse.Namespace) -> str:
    if arguments.format in WHOLE:
        return WHOLE[arguments.format](report)
    if arguments.format in AT_A_STEP:
        return AT_A_STEP[arguments.format](report, arguments.at)
    return _screen(report, arguments.at, arguments.size or SIZE)


def _screen(report: SharedRun, at: int | None, size: tuple[int, int]) -> str:
    """Return the debugger's screen at a step, as SVG."""
    timeline = report.played.timeline
    step = step_to_show(timeline) if at is None else at
    notes = report.played.notes(report.scenario.notes)
    return picture(Session.start(report.case, timeline.seek(step), notes), size)


def _write(path: str, text: str) -> None:
    """Write a file, whole or not at all, or to what is there and no file, such as a pipe.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        write_whole(path, visible(text).encode("utf-8", "backslashreplace"))
    except OSError as error:
        found = f"'{printable(path)}': {error.strerror}"
        raise UsageError(found, "a file that can be written, or - for stdout") from None


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    size = (int(found[1]), int(found[2])) if found is not None else (0, 0)
    if all(least <= n <= most for n, least, most in zip(size, SMALLEST, LARGEST, strict=True)):
        return size
    least, most = (f"{width}x{height}" for width, height in (SMALLEST, LARGEST))
    raise argparse.ArgumentTypeError(
        f"found {quote(text)}; expected columns x rows, {least} to {most}"
    )
