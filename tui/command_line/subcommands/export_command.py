"""`export`: a run to share, written to stdout or, whole or not at all, to a file."""

from __future__ import annotations

import argparse
import os
import re
from typing import Final

import attrs

from engine.findings import Kind
from engine.refusal import RefusedError, quote
from engine.timeline import Timeline
from scenarios.case import Case
from scenarios.checking import CheckedCell
from scenarios.hardware import OWN_HARDWARE
from scenarios.run import NO_NOTES
from scenarios.schedule import Played, ScheduleError
from tui.command_line.arguments import (
    DEFAULT_POLICY,
    add_limits,
    add_policy,
    add_reading,
    check_step,
    reading,
    step_number,
)
from tui.command_line.case import opened_case
from tui.command_line.exploration.exploring import explore_all
from tui.command_line.exploration.matrix import CellSearch
from tui.command_line.opening import add_opening, no_such_run, opened_session
from tui.command_line.output import complain, say
from tui.command_line.parser import Once, Subparsers, new_command
from tui.command_line.picture import SIZE, picture
from tui.command_line.subcommands.run_command import prepare
from tui.exit_codes import BAD_INPUT, PASSED
from tui.files.outside_work import shared
from tui.files.writing import write_whole
from tui.presenters.exports.forms import AT_A_STEP, WHOLE
from tui.presenters.exports.shared import SharedRun, step_to_show
from tui.presenters.reports.checked import Checked
from tui.presenters.reports.plain import printable, visible
from tui.session.session import Session

STDOUT: Final = "-"
SMALLEST: Final = (60, 18)
LARGEST: Final = (500, 200)
_SIZE: Final = re.compile(r"([0-9]{1,4})x([0-9]{1,4})")
_RUNS: Final = ("counterexample", "events", "session")
"""The options that ask for another run than that of the scenario's own schedule."""
_FORMATS: Final = (*AT_A_STEP, *WHOLE, "svg")


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "export",
        "export secondary-stale-line --policy vcpu0-only --format mail",
        "export secondary-stale-line --format itf -o run.itf.json",
        "export boot-on-vcpu1 --policy never --format svg -o run.svg",
        "export boot-on-vcpu1 --policy mail.txt#2 --counterexample stale --format mail",
    )
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="a scenario's name, or a path to one"
    )
    add_policy(parser)
    add_opening(parser)
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
    add_limits(parser)
    add_reading(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the export; the exit code says nothing of the verdict."""
    _check(arguments)
    try:
        report = _prepared(arguments)
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
    """Refuse what does not go together, and a directory to write to."""
    runs = [each for each in _RUNS if getattr(arguments, each) is not None]
    if len(runs) > 1:
        raise RefusedError(" with ".join(f"--{each}" for each in runs), "one of them")
    if arguments.name is None and arguments.session is None:
        raise RefusedError("no scenario", "NAME, or --session FILE")
    form = f"--format {arguments.format}"
    if arguments.at is not None and arguments.format in WHOLE:
        raise RefusedError(f"--at with {form}", "it with mail, markdown or svg: this has all steps")
    if arguments.size is not None and arguments.format != "svg":
        raise RefusedError(f"--size with {form}", "it with --format svg")
    if arguments.output == "" or (arguments.output and os.path.isdir(arguments.output)):
        what = "a directory" if arguments.output else "no name"
        raise RefusedError(
            f"'{printable(arguments.output)}': {what}", "a file to write to, or - for stdout"
        )


def _prepared(arguments: argparse.Namespace) -> SharedRun:
    """Return the run that is asked for; a mail says what every interleaving of its case comes to.

    Raises:
        ScheduleError: the schedule does not end.
    """
    if all(getattr(arguments, each) is None for each in _RUNS):
        return prepare(arguments)
    how = reading(arguments)
    if arguments.counterexample is not None:
        case = opened_case(arguments.name, arguments.policy or DEFAULT_POLICY, how)
        return _counterexample(case, Kind(arguments.counterexample), arguments)
    arguments.policies = None if arguments.policy is None else [arguments.policy]
    session, _ = opened_session(arguments, how)
    for line in session.case.changed:
        complain(line)
    run = shared(session)
    known = _known(run.case, arguments) if arguments.format == "mail" else None
    return attrs.evolve(run, known=known)


def _counterexample(case: Case, kind: Kind, arguments: argparse.Namespace) -> SharedRun:
    """Return the shortest run with a finding of a kind.

    Raises:
        RefusedError: there is none.
    """
    known = _known(case, arguments)
    outcome = known.result.outcome
    found = outcome.found(kind)
    if found is None:
        kinds = [each.kind for each in outcome.findings]
        raise no_such_run(case, kind, kinds, cut_short=outcome.reason is not None)
    played = Played(Timeline.replay(case.machine, found.events), (), ())
    asked = (("--counterexample", kind.value),)
    return SharedRun(case, played, found.trace, asked, known)


def _known(case: Case, arguments: argparse.Namespace) -> Checked:
    """Return what every interleaving of a case comes to, beside upstream's.

    Raises:
        KeyboardInterrupt: the user does not want to wait for it.
    """
    search = CellSearch(arguments.max_states, jobs=1)
    cell = CheckedCell(case.scenario, case.policy, limits=search.limits)
    explored = explore_all((cell,), search.jobs, compare_all=True)
    if explored.interrupted:
        raise KeyboardInterrupt
    options = (*case.options, *search.words)
    return Checked(
        case.scenario_spec, case.policy_spec, OWN_HARDWARE, options, cell, explored.results[0]
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
    notes = report.played.notes(report.scenario.notes) if report.events is None else NO_NOTES
    return picture(Session.start(report.case, timeline.seek(step), notes), size)


def _write(path: str, text: str) -> None:
    """Write a file, whole or not at all, or to what is there and no file, such as a pipe.

    Raises:
        RefusedError: it cannot be written.
    """
    try:
        write_whole(path, visible(text).encode("utf-8", "backslashreplace"))
    except OSError as error:
        found = f"'{printable(path)}': {error.strerror}"
        raise RefusedError(found, "a file that can be written, or - for stdout") from None


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    size = (int(found[1]), int(found[2])) if found is not None else (0, 0)
    if all(least <= n <= most for n, least, most in zip(size, SMALLEST, LARGEST, strict=True)):
        return size
    least, most = (f"{width}x{height}" for width, height in (SMALLEST, LARGEST))
    raise argparse.ArgumentTypeError(
        f"found {quote(text)}; expected columns x rows, {least} to {most}"
    )
