"""The parser of the command line: the commands and their captions, examples, versions, errors.

A help text must not wait for the engine, so nothing of it is imported here.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from textwrap import fill
from typing import Any, Final, NoReturn, Protocol

from scenarios.names import PROGRAM
from tui.command_line.output import complain, say
from tui.exit_codes import BAD_INPUT, PASSED
from tui.presenters.tool import tool

COMMANDS: Final = {
    "scenario": "open the debugger on a scenario, or pick one",
    "list": "list the scenarios, the general guests and the built-in policies",
    "run": "play a scenario's own schedule; exit with 0 if this run is safe, 1 if it is unsafe, "
    "3 if it is undetermined: nothing is found, and not all came to their end",
    "check": "check every interleaving; exit with 0 if all is safe, 1 if anything is "
    "unsafe or not as the scenario expects it, else 3 if anything is undetermined",
    "review": "judge every candidate in a mail, patch or C file against upstream, on every "
    "scenario and for every guest; exit with 1 if any is unsafe: breaks what upstream keeps; "
    "else 2 if any cannot be read, else 3 if any is undetermined, else 0",
    "export": "write a run to share: for a mail, a web page, another tool, or as a picture",
}
"""Each command with its caption, in the order of the help."""

_HELP_WIDTH: Final = 78


class Subparsers(Protocol):
    """What a command adds itself to."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        """Return the parser of a new command."""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in two lines."""

    def error(self, message: str) -> NoReturn:
        """Exit with what was wrong and where to find help."""
        complain(message, f"try: {self.prog} --help")
        self.exit(BAD_INPUT)


class Once(argparse.Action):
    """Stores an option's value, and refuses a second one."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Store the value."""
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(self, "found it twice; expected it once")
        setattr(namespace, self.dest, values)


class VersionAction(argparse.Action):
    """Prints the program's name and version, which are looked up only then."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:
        """Take no value."""
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it and exit."""
        say(f"{tool()}\n")
        parser.exit(PASSED)


def new_command(subparsers: Subparsers, name: str, *examples: str) -> argparse.ArgumentParser:
    """Return a new command's parser, with its caption and examples in its help."""
    caption = COMMANDS[name]
    return subparsers.add_parser(
        name,
        help=caption,
        description=fill(f"{caption[0].upper()}{caption[1:]}.", _HELP_WIDTH),
        epilog=examples_text(*examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def examples_text(*examples: str) -> str:
    """Return examples as the last part of a help text."""
    title = "example:" if len(examples) == 1 else "examples:"
    return "\n".join((title, *(f"  {PROGRAM}{example and f' {example}'}" for example in examples)))
