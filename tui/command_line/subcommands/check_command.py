"""`check`: decide scenarios under policies over every interleaving."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Mapping, Sequence
from os import sep
from typing import Final

import attrs

from engine.refusal import RefusedError, quote
from scenarios.hardware import OWN_HARDWARE
from scenarios.library import load_scenario
from scenarios.names import policy_names, scenario_names
from scenarios.policy_library import expected_specs, load_policy
from scenarios.scenario import Scenario
from tui.command_line.arguments import (
    Reading,
    add_jobs,
    add_limits,
    add_reading,
    add_timeout,
    reading,
)
from tui.command_line.exploration.matrix import (
    CellSearch,
    Checks,
    Named,
    check_all,
    check_expected,
    named_once,
)
from tui.command_line.formats import JSON, MARKDOWN, TEXT, add_format, errors_too
from tui.command_line.output import say
from tui.command_line.parser import Subparsers, new_command
from tui.exit_codes import FAILED, INTERRUPTED, PASSED, UNDETERMINED, code_of
from tui.presenters.reports.candidates_json import policy
from tui.presenters.reports.check_json import results_as_json
from tui.presenters.reports.check_markdown import check_as_markdown
from tui.presenters.reports.check_text import check_as_text
from tui.presenters.reports.findings_json import Json
from tui.presenters.reports.unreached import NOTHING, Missed, missed
from tui.presenters.words import listed

ALL: Final = "all"
"""What names every built-in policy."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "check",
        "check",
        "check boot-on-vcpu1 --policy upstream --policy mail.txt#2",
        "check --file my-own.toml --policy mine.c --jobs 2",
        "check --file my-own.toml --expect",
        "check --policy mine.c --every-guest --jobs 2",
    )
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="a scenario's name, or a path to one (default: all that ship)",
    )
    parser.add_argument(
        "--file",
        metavar="TOML",
        action="append",
        dest="files",
        default=[],
        help="a path to a scenario; repeatable",
    )
    parser.add_argument(
        "--policy",
        metavar="P",
        action="append",
        dest="policies",
        help="a built-in policy's name, 'all' for every one of them, or a path to C, a patch or a "
        "mail; FILE#2 is the second candidate in it; repeatable (default: all, but of a scenario "
        "of one's own those that its [expect] names)",
    )
    add_format(parser, TEXT, JSON, MARKDOWN, short=(JSON, MARKDOWN))
    parser.add_argument(
        "--exhaustive",
        action="store_true",
        help="visit every state instead of as few as decide",
    )
    parser.add_argument(
        "--expect",
        action="store_true",
        help="check what the scenarios expect, under the policies that their [expect] names, and "
        "exit with 0 just when all of it is met, 1 if anything is not, else 3",
    )
    parser.add_argument(
        "--every-guest",
        action="store_true",
        help="judge the policies on the general guests as well, which stand for every guest that "
        "keeps the contract, on up to 3 vCPUs: a row each (default: on the scenarios alone, which "
        "takes a fraction of the time)",
    )
    add_limits(parser)
    add_timeout(parser)
    add_jobs(parser)
    add_reading(parser)
    parser.set_defaults(run=errors_too(run))


def run(arguments: argparse.Namespace) -> int:
    """Print what holds of every run, and say by the exit code whether all of it is safe."""
    how = reading(arguments)
    paths = (file if sep in file else f".{sep}{file}" for file in arguments.files)
    specs = named_once((*arguments.names, *paths)) or scenario_names()
    scenarios = [(spec, load_scenario(spec)) for spec in specs]
    search = CellSearch(
        arguments.max_states,
        arguments.jobs or 1,
        arguments.exhaustive,
        timeout=arguments.timeout,
        every_guest=arguments.every_guest,
    )
    if arguments.expect and arguments.every_guest:
        expected = "one of them: no [expect] speaks of every guest"
        raise RefusedError("--expect and --every-guest", expected)
    if arguments.expect:
        checks = _check_expected(scenarios, arguments.policies, how, search)
    else:
        expecting = () if arguments.policies else _expecting(scenarios)
        policies = _read(arguments.policies or _by_default(scenarios, expecting), how)
        checks = check_all(scenarios, policies, how, search, expecting)
    own = _own(checks)
    left = {
        each.spec: missed(each.policy, checks.outcomes(each.spec), how.hardware) for each in own
    }
    idle = {spec for spec, each in left.items() if _is_open(each, every=False)}
    rows = (attrs.evolve(row, runs_nothing=row.policy_spec in idle) for row in checks.rows)
    checks = attrs.evolve(checks, rows=tuple(rows))
    every = _holds_all(scenario for _, scenario in scenarios)
    left_open = [spec for spec, each in left.items() if _is_open(each, every=every)]
    match arguments.format:
        case "json":
            told = _policies(checks) if arguments.every_guest else own
            candidates = (_candidate(each, checks, left, left_open) for each in told)
            say(results_as_json(checks.rows, candidates=candidates))
        case "markdown":
            open_ = {spec: left[spec] for spec in left_open}
            say(check_as_markdown(checks.rows, open_, checks.answers))
        case _:
            what, ended = tuple(left.items()), checks.interrupted
            say(
                check_as_text(
                    checks.rows,
                    what,
                    checks.answers,
                    interrupted=ended,
                    left_open=left_open,
                )
            )
    code = _exit_code(checks, expected=arguments.expect)
    return UNDETERMINED if code == PASSED and left_open and not arguments.expect else code


def _expecting(scenarios: Sequence[tuple[str, Scenario]]) -> tuple[str, ...]:
    """Return those scenarios of one's own whose [expect] names the policies to judge."""
    shipped = scenario_names()
    return tuple(spec for spec, each in scenarios if each.expect and spec not in shipped)


def _by_default(
    scenarios: Sequence[tuple[str, Scenario]], expecting: Sequence[str]
) -> tuple[str, ...]:
    """Return the policies that some scenario is judged under where the user names none."""
    named = [
        policy
        for spec, scenario in scenarios
        if spec in expecting
        for policy in expected_specs(scenario, spec)
    ]
    judges_all = len(expecting) < len(scenarios)
    return (*(policy_names() if judges_all else ()), *named)


def _own(checks: Checks) -> list[Named]:
    """Return the policies that are no built-in ones."""
    return [each for each in _policies(checks) if each.spec not in policy_names()]


def _policies(checks: Checks) -> list[Named]:
    policies = {row.policy_spec: row.cell.policy for row in checks.rows}
    return [Named(spec, each) for spec, each in policies.items()]


def _holds_all(scenarios: Iterable[Scenario]) -> bool:
    """Say whether all scenarios that ship are among those, whatever they were called."""
    loaded = {scenario.digest for scenario in scenarios}
    return all(load_scenario(name).digest in loaded for name in scenario_names())


def _is_open(left: Missed, *, every: bool) -> bool:
    """Say whether what no run shows of a policy leaves open what it does.

    Of fewer scenarios than `every` one that ships nobody expects that they run all of it; but
    something they must.
    """
    return left.may_decide if every else left.runs_nothing or left.is_unknown


def _candidate(
    named: Named, checks: Checks, left: Mapping[str, Missed], left_open: Collection[str]
) -> Json:
    """Return a policy, with what the verdicts on it speak of."""
    spec = named.spec
    verdicts = (outcome.verdict for outcome in checks.outcomes(spec))
    is_open, answer = spec in left_open, checks.answer(spec)
    known = left.get(spec, NOTHING)
    return policy(spec, named.policy, verdicts, known, is_open=is_open, answered=answer)


def _read(specs: Iterable[str], how: Reading) -> list[Named]:
    each = (one for spec in specs for one in (policy_names() if spec == ALL else (spec,)))
    return [
        Named(spec, load_policy(spec, options=how.options, base=how.base))
        for spec in named_once(each)
    ]


def _check_expected(
    scenarios: Sequence[tuple[str, Scenario]],
    specs: Sequence[str] | None,
    how: Reading,
    search: CellSearch,
) -> Checks:
    """Check what scenarios expect, of all policies that they name or of those given.

    Raises:
        RefusedError: they expect nothing, or other hardware was asked for than they speak of.
    """
    if how.hardware != OWN_HARDWARE:
        expected = "--expect alone: an [expect] speaks of the scenario's own hardware"
        raise RefusedError("--expect with --fwb or --implementor", expected)
    named = (each for spec, scenario in scenarios for each in expected_specs(scenario, spec))
    policies = _read(specs or named, how)
    checks = check_expected(scenarios, policies, how, search)
    if not checks.rows:
        whom = "any policy" if specs is None else listed(map(quote, specs))
        found = f"no [expect] of {whom} in {listed(quote(spec) for spec, _ in scenarios)}"
        raise RefusedError(found, "a scenario that expects something of it")
    return checks


def _exit_code(checks: Checks, *, expected: bool) -> int:
    """Return the exit code: of what was expected if that was the question, else of the verdicts."""
    if checks.interrupted:
        return INTERRUPTED
    met = [row.met for row in checks.rows]
    if False in met:
        return FAILED
    if expected:
        return UNDETERMINED if None in met else PASSED
    answered = (answer.verdict for answer in checks.answers)
    return code_of((*(row.result.outcome.verdict for row in checks.rows), *answered))
