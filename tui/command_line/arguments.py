"""The arguments that several commands have, and how they are read."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import attrs

from engine.explorer.limits import DEFAULT_MAX_STATES
from engine.policy.policy import Options
from engine.refusal import RefusedError, quote
from scenarios.hardware import HardwareChoice, read_implementor
from tui.command_line.parser import Once

if TYPE_CHECKING:
    from scenarios.sources.base import Tree

DEFAULT_POLICY: Final = "upstream"
MOST_JOBS: Final = 256
_MOST_DIGITS: Final = 9
_CONFIG: Final = re.compile(r"(CONFIG_\w{1,80})=(y|n|0[xX][0-9a-fA-F]{1,8}|[0-9]{1,9})", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z_]\w{0,99}", re.ASCII)
_SWITCH: Final = {"on": True, "off": False}


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add `--policy P`."""
    parser.add_argument(
        "--policy",
        metavar="P",
        action=Once,
        help="a built-in policy's name, or a path to C, a patch or a mail; FILE#2 is the second "
        f"candidate in it (default: {DEFAULT_POLICY})",
    )


@attrs.frozen
class Reading:
    """How the user wants policies read, and on which hardware."""

    options: Options
    base: Tree | None
    hardware: HardwareChoice
    words: tuple[tuple[str, ...], ...]
    """The options that said how to read a policy, to be said again in a command."""


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options that `reading` returns."""
    group = parser.add_argument_group("how a policy is read, and on which hardware")
    group.add_argument(
        "--config",
        metavar="CONFIG_X=y",
        action="append",
        type=_config,
        help="set a kernel configuration option: y, n or a number (default: n); repeatable",
    )
    group.add_argument(
        "--assume-no-effect",
        metavar="NAME",
        action="append",
        type=_function_name,
        help="vouch that a function that the policy calls does nothing here; repeatable",
    )
    group.add_argument(
        "--base",
        metavar="FILE|DIR",
        action="append",
        help="a kernel file that a patch is applied to, or a kernel tree, or the part of one that "
        "is there (default: the built-in upstream); repeatable",
    )
    group.add_argument(
        "--implementor",
        metavar="NAME",
        type=_implementor,
        action=Once,
        help="MIDR_EL1.Implementer by name or number (default: the scenario's)",
    )
    group.add_argument(
        "--fwb", choices=tuple(_SWITCH), action=Once, help="FEAT_S2FWB (default: the scenario's)"
    )


def reading(arguments: argparse.Namespace) -> Reading:
    """Return what the options of `add_reading` say.

    Raises:
        RefusedError: a base cannot be read, or an option of the configuration has two values.
    """
    configs = dict[str, int]()
    for name, value in arguments.config or ():
        if configs.setdefault(name, value) != value:
            raise RefusedError(f"--config {name}={configs[name]} and ={value}", "one value of it")
    assumed = tuple(dict.fromkeys(arguments.assume_no_effect or ()))
    bases = tuple(dict.fromkeys(arguments.base or ()))
    return Reading(
        Options(tuple(configs.items()), assumed),
        _read_tree(bases) if bases else None,
        HardwareChoice(_SWITCH.get(arguments.fwb), arguments.implementor),
        (
            *(("--config", f"{name}={value}") for name, value in configs.items()),
            *(("--assume-no-effect", name) for name in assumed),
            *(("--base", base) for base in bases),
        ),
    )


def _read_tree(words: Sequence[str]) -> Tree:
    from scenarios.sources.base import read_tree

    return read_tree(words)


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add `--max-states N`."""
    parser.add_argument(
        "--max-states",
        metavar="N",
        type=_positive,
        action=Once,
        help="give up a search after so many states, which bounds its memory: some 200 bytes a "
        f"state (default: {DEFAULT_MAX_STATES})",
    )


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """Add `--timeout SECONDS`."""
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_positive,
        action=Once,
        help="end after so many seconds: what is not decided by then is undetermined "
        "(default: no limit)",
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add `--jobs N`."""
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=_jobs,
        action=Once,
        help="explore in N processes, each within its own limit on states (default: 1)",
    )


def step_number(text: str) -> int:
    """Return the number of a step.

    Raises:
        ArgumentTypeError: the text is no such number.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(
            f"found {quote(text)}; expected a step's number, 0 or more"
        )
    return int(text)


def check_step(at: int | None, last: int) -> None:
    """Make sure that a run has the step that `--at` asks for.

    Raises:
        RefusedError: it is beyond the last one.
    """
    if at is not None and at > last:
        raise RefusedError(f"--at {at}", f"a step of this run, 0 to {last}")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_DIGITS or not int(text):
        raise argparse.ArgumentTypeError(f"found {quote(text)}; expected a number, 1 or more")
    return int(text)


def _jobs(text: str) -> int:
    jobs = _positive(text)
    if jobs > MOST_JOBS:
        raise argparse.ArgumentTypeError(f"found {jobs}; expected 1 to {MOST_JOBS}")
    return jobs


def _config(text: str) -> tuple[str, int]:
    found = _CONFIG.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(
            f"found {quote(text)}; expected CONFIG_NAME=y, =n or =NUMBER"
        )
    name, value = found.groups()
    match value:
        case "y" | "n":
            return name, int(value == "y")
        case _:
            return name, int(value, 0 if value[:2].lower() == "0x" else 10)


def _function_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"found {quote(text)}; expected a C function's name")
    return text


def _implementor(text: str) -> int:
    try:
        return read_implementor(text)
    except RefusedError as refused:
        raise argparse.ArgumentTypeError(refused.sentence) from None
