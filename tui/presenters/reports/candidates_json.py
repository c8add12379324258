"""Candidates as JSON: what of each a verdict speaks of, and the verdict over all scenarios."""

from __future__ import annotations

from collections.abc import Iterable

from engine.findings import Verdict
from engine.policy.coverage import Coverage, JudgedDefinition, NotJudged
from engine.policy.policy import Policy
from scenarios.coverage.unjudged import UnjudgedError
from scenarios.sources.candidate import split_fragment
from tui.presenters.reports.every_guest import Answered, answer_as_json
from tui.presenters.reports.findings_json import Json
from tui.presenters.reports.reviewed import Judgement, Reviewed
from tui.presenters.reports.unreached import Missed


def candidate(review: Reviewed) -> Json:
    """Return a candidate that was reviewed."""
    verdict = review.judgement
    lines = review.candidate.user_lines
    return {
        "policy": review.spec,
        "source": {"file": review.candidate.source, "lines": list(lines)},
        **coverage(review.coverage, review.assumptions),
        **_missed(review.missed),
        "verdict": Judgement.UNDETERMINED.value
        if verdict is Judgement.UNREADABLE
        else verdict.value,
        "every_guest": None if review.every_guest is None else answer_as_json(review.every_guest),
    }


def policy(
    spec: str,
    read: Policy,
    verdicts: Iterable[Verdict],
    missed: Missed,
    *,
    is_open: bool,
    answered: Answered | None = None,
) -> Json:
    """Return a policy that was checked; its verdict is that on all it was checked on.

    Where it `is_open`, what no run shows of it may decide: it is not called safe.
    """
    every = frozenset((*verdicts, *(() if answered is None else (answered.verdict,))))
    order = [Verdict.UNSAFE, Verdict.UNDETERMINED, *([] if is_open else [Verdict.SAFE])]
    own = [line for line in read.source.lines if line] or [1, read.source.text.count("\n")]
    return {
        "policy": spec,
        "source": {"file": read.source.name, "lines": [min(own), max(own)]},
        **coverage(read.coverage, read.assumed),
        **_missed(missed),
        "verdict": next((each for each in order if each in every), Verdict.UNDETERMINED).value,
        "every_guest": None if answered is None else answer_as_json(answered),
    }


def unjudged(error: UnjudgedError) -> Json:
    """Return a policy of which nothing can be run."""
    return {
        "policy": error.file,
        "source": {"file": split_fragment(error.file)[0], "lines": None},
        **coverage(error.coverage, ()),
        "verdict": Judgement.UNDETERMINED.value,
        "every_guest": None,
    }


def coverage(known: Coverage, assumptions: Iterable[str]) -> dict[str, Json]:
    """Return what of a source a verdict speaks of."""
    return {
        "judged": [_judged(each) for each in known.judged],
        "built_in": list(known.built_in),
        "assumed": list(assumptions),
        "not_judged": [_not_judged(each) for each in known.not_judged],
        "decides_nothing": list(known.without_effect),
    }


def _missed(missed: Missed) -> dict[str, Json]:
    return {
        "never_run": [
            {"function": each.function, "lines": list(each.lines), "called": not each.is_whole}
            for each in missed.unreached
        ],
        "one_way": [
            {
                "function": each.function,
                "line": each.line,
                "text": each.text,
                "only": each.only,
            }
            for each in missed.one_way
        ],
    }


def _judged(each: JudgedDefinition) -> Json:
    return {
        "function": each.function,
        "file": each.file,
        "lines": list(each.lines),
        "how": each.how,
    }


def _not_judged(each: NotJudged) -> Json:
    return {
        "file": each.file,
        "line": each.line or None,
        "what": each.what,
        "why": each.why,
    }
