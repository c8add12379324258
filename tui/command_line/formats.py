"""`--format` of the commands that judge, and their errors in JSON where that is what they print."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final

from engine.refusal import RefusedError
from scenarios.coverage.unjudged import UnjudgedError
from tui.command_line.output import say
from tui.command_line.parser import Once
from tui.presenters.reports.candidates_json import unjudged
from tui.presenters.reports.check_json import results_as_json
from tui.presenters.reports.refused_json import refused

TEXT: Final = "text"
JSON: Final = "json"
MARKDOWN: Final = "markdown"
MAIL: Final = "mail"

Command = Callable[[argparse.Namespace], int]


def add_format(parser: argparse.ArgumentParser, *forms: str, short: tuple[str, ...]) -> None:
    """Add `--format`, and an option of its own for each form that has a short one."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--format", choices=forms, action=Once, help=f"what to print (default: {forms[0]})"
    )
    for form in short:
        group.add_argument(
            f"--{form}",
            dest="format",
            action="store_const",
            const=form,
            help=f"short for --format {form}",
        )


def errors_too(command: Command) -> Command:
    """Return a command that tells its errors in JSON as well, where it prints JSON."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            return command(arguments)
        except UnjudgedError as error:
            if arguments.format == JSON:
                say(results_as_json((), (), [unjudged(error)]))
            raise
        except RefusedError as error:
            if arguments.format == JSON:
                say(results_as_json((), refused(error)))
            raise

    return run
