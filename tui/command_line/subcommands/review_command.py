"""`review`: judge every candidate in a mail, a patch or a C file against upstream."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import attrs

from engine.policy.coverage import Coverage
from engine.policy.policy import Policy
from engine.refusal import RefusedError, quote
from scenarios.coverage.unjudged import UnjudgedError
from scenarios.hardware import HardwareChoice
from scenarios.library import load_scenario
from scenarios.names import scenario_names
from scenarios.policy_library import candidate_policy, load_candidates
from scenarios.sources.c_text.tokens import definitions, tokenize
from scenarios.sources.candidate import Candidate, split_fragment
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
)
from tui.command_line.formats import JSON, MAIL, TEXT, add_format, errors_too
from tui.command_line.output import complain, say
from tui.command_line.parser import Once, Subparsers, new_command
from tui.exit_codes import BAD_INPUT, FAILED, INTERRUPTED, PASSED, UNDETERMINED
from tui.presenters.reply import review_as_mail
from tui.presenters.reports.candidates_json import candidate
from tui.presenters.reports.check_json import results_as_json
from tui.presenters.reports.refused_json import refused
from tui.presenters.reports.review_text import review_as_text
from tui.presenters.reports.reviewed import Judgement, Reviewed
from tui.presenters.shell import from_home


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "review",
        "review mail.txt",
        "review 0001-flush-once.patch --base mmu.c --implementor hisilicon",
        "review mmu.c --config CONFIG_X=y --json",
        "review - --format mail",
        "review mail.txt --no-every-guest",
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a mail, a patch or a C file; FILE#2 is the second candidate alone",
    )
    parser.add_argument(
        "--function",
        metavar="NAME",
        action=Once,
        help="only candidates that define this function",
    )
    add_format(parser, TEXT, JSON, MAIL, short=(JSON,))
    parser.add_argument(
        "--no-every-guest",
        action="store_false",
        dest="every_guest",
        help="judge on the scenarios alone, not on the general guests, which stand for every "
        "guest that keeps the contract, on up to 3 vCPUs: most of the time goes into them",
    )
    add_limits(parser)
    add_timeout(parser)
    add_jobs(parser)
    add_reading(parser)
    parser.set_defaults(run=errors_too(run))


@attrs.frozen(eq=False)
class Review:
    """Every candidate of a file with its results, and these in the order of the scenarios."""

    candidates: tuple[Reviewed, ...]
    checks: Checks

    @property
    def errors(self) -> tuple[RefusedError, ...]:
        """Why candidates could not be read."""
        return tuple(one.error for one in self.candidates if one.error is not None)


def run(arguments: argparse.Namespace) -> int:
    """Print the report, and say by the exit code what it comes to."""
    how = reading(arguments)
    candidates = _chosen(load_candidates(arguments.file, base=how.base), arguments.function)
    search = CellSearch(
        arguments.max_states,
        arguments.jobs or 1,
        compare_all=True,
        timeout=arguments.timeout,
        every_guest=arguments.every_guest,
    )
    scenarios = scenario_names()
    made = review(arguments.file, candidates, scenarios, how, search)
    interrupted = made.checks.interrupted
    as_json = arguments.format == JSON
    if made.errors and (as_json or len(made.errors) == len(made.candidates)):
        complain(*map(str, made.errors))
    if as_json:
        mistakes = (mistake for error in made.errors for mistake in refused(error))
        say(results_as_json(made.checks.rows, mistakes, map(candidate, made.candidates)))
    elif len(made.errors) < len(made.candidates):
        report = review_as_mail if arguments.format == MAIL else review_as_text
        file = from_home(arguments.file)
        say(report(file, made.candidates, len(scenarios), interrupted=interrupted))
    return INTERRUPTED if interrupted else exit_code(made.candidates)


def review(
    file: str,
    candidates: Sequence[Candidate],
    scenarios: Sequence[str],
    how: Reading,
    search: CellSearch,
) -> Review:
    """Judge the candidates of a file on scenarios."""
    read = [_read(candidate, how) for candidate in candidates]
    specs = [_spec(file, candidate) for candidate in candidates]
    policies = [
        Named(spec, policy)
        for spec, policy in zip(specs, read, strict=True)
        if isinstance(policy, Policy)
    ]
    loaded = [(name, load_scenario(name)) for name in scenarios]
    checks = check_all(loaded, policies, how, search)
    reviews = (
        _reviewed(candidate, policy, spec, checks, how.hardware)
        for candidate, policy, spec in zip(candidates, read, specs, strict=True)
    )
    return Review(tuple(reviews), checks)


def _chosen(candidates: tuple[Candidate, ...], function: str | None) -> tuple[Candidate, ...]:
    if function is None:
        return candidates
    defined = [_defined(candidate) for candidate in candidates]
    chosen = tuple(
        candidate for candidate, names in zip(candidates, defined, strict=True) if function in names
    )
    if not chosen:
        known = ", ".join(dict.fromkeys(name for names in defined for name in names))
        raise RefusedError(f"no candidate that defines {quote(function)}", f"one of: {known}")
    return chosen


def _defined(candidate: Candidate) -> tuple[str, ...]:
    return tuple(found.name for found in definitions(tokenize(candidate.text.split("\n"))))


def _read(candidate: Candidate, how: Reading) -> Policy | RefusedError:
    try:
        return candidate_policy(candidate, options=how.options, base=how.base)
    except RefusedError as error:
        return error


def _spec(file: str, candidate: Candidate) -> str:
    """Return the word by which other commands know a candidate."""
    if candidate.name == Path(file).name:
        return file
    return f"{file}#{split_fragment(candidate.name)[1]}"


def _reviewed(
    candidate: Candidate,
    read: Policy | RefusedError,
    spec: str,
    checks: Checks,
    given: HardwareChoice,
) -> Reviewed:
    match read:
        case UnjudgedError(coverage=coverage):
            return Reviewed(candidate, spec, None, coverage, None, ())
        case RefusedError():
            return Reviewed(candidate, spec, None, Coverage(), read, ())
        case Policy():
            rows = tuple(row for row in checks.rows if row.policy_spec == spec)
            answer = checks.answer(spec)
            return Reviewed(candidate, spec, read, read.coverage, None, rows, given, answer)


def exit_code(reviews: Sequence[Reviewed]) -> int:
    """Return what the candidates come to: a finding first, then what could not be read."""
    judgements = [review.judgement for review in reviews]
    for judgement, code in (
        (Judgement.UNSAFE, FAILED),
        (Judgement.UNREADABLE, BAD_INPUT),
        (Judgement.UNDETERMINED, UNDETERMINED),
    ):
        if judgement in judgements:
            return code
    return PASSED
