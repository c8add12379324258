"""The report of `review`, to go into a reply as it is: 72 columns, no colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from engine.explorer.cost import Span
from engine.machine.effects import ConditionDecided, FlushSkipped, StatementExecuted
from engine.policy.source import user_line
from engine.timeline import Timeline
from engine.transition import Step
from scenarios.checking import ShortestFound
from tui.presenters.coverage import coverage_lines, named
from tui.presenters.reports.checked import (
    Checked,
    opening,
    origin,
    span,
    uncosted,
    unjudged,
    unreached,
    why,
)
from tui.presenters.reports.every_guest import FOOTNOTE, answer_lines
from tui.presenters.reports.plain import paragraph, printable, table
from tui.presenters.reports.reviewed import Judgement, Reviewed, hardware_name, judged
from tui.presenters.reports.unreached import runs_any
from tui.presenters.steps.sentence import sentence
from tui.presenters.verdict import describe
from tui.presenters.words import counted

WIDTH: Final = 72

_Pair: TypeAlias = tuple[Span | None, Span | None]

_NO_DECISION: Final = "undetermined: changes nothing that decides"
_AS_KNOWN: Final = "undetermined: nothing of it is run, what decides is as known kernels have it"
_NOTHING_RUN: Final = "undetermined: nothing of it that decides can be run yet"
_NOT_CALLED: Final = "none of it is called, so that no scenario says anything of it there"
_MOST_CONFIGS: Final = 8
_NOT_JUDGED: Final = "undetermined: cannot be judged"
_HEADER: Final = ("per complete run", "flushes", "upstream", "lines", "upstream")
_LEGEND: Final = (
    "Steps count from the scenario's start. flushes and lines: those of stage2_flush_vm(), "
    "fewest..most."
)
_SCENARIOS_ONLY: Final = "What is safe is so on these scenarios, not for every guest."


def review_as_text(
    file: str, reviews: Sequence[Reviewed], scenarios: int, *, interrupted: bool
) -> str:
    """Return the report as lines of at most 72 columns, but for words that are longer."""
    blocks = [
        _opening(file, len(reviews), scenarios),
        *(_candidate(review, number) for number, review in enumerate(reviews, 1)),
        _closing(reviews, interrupted),
    ]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _opening(file: str, candidates: int, scenarios: int) -> Iterator[str]:
    yield from paragraph(
        f"{file}: {counted(candidates, 'candidate')} reviewed against upstream, on "
        f"{counted(scenarios, 'scenario')}, over every interleaving of vCPUs, VMM and the "
        "hardware's fills and evictions.",
        WIDTH,
    )


def _closing(reviews: Sequence[Reviewed], interrupted: bool) -> Iterator[str]:
    if interrupted:
        yield "Interrupted: what was not decided by then is undetermined."
    yield from paragraph(f"{_LEGEND} {scope(reviews)}", WIDTH)


def scope(reviews: Iterable[Reviewed]) -> str:
    """Return of which guests the verdicts speak."""
    if any(review.every_guest is not None for review in reviews):
        return f"{FOOTNOTE[0].upper()}{FOOTNOTE[1:]}"
    return _SCENARIOS_ONLY


def _candidate(review: Reviewed, number: int) -> Iterator[str]:
    title = f"{number}. {review.candidate.title}: {told_verdict(review)}"
    yield from paragraph(title, WIDTH, hang="   ")
    if review.error is not None:
        yield from paragraph(str(review.error), WIDTH, "   ", "     ")
    for remark in remarks(review):
        yield from paragraph(remark, WIDTH, "   ", "     ")
    if review.every_guest is not None:
        yield from answer_lines(review.every_guest, WIDTH, "   ")
    for variant, rows in review.by_hardware:
        yield ""
        if len(review.by_hardware) > 1 and review.policy is not None:
            hardware = hardware_name(review.policy, variant)
            is_run = runs_any(review.policy, (row.result.outcome for row in rows))
            told = _judgement(rows, "it") if is_run else _NOT_CALLED
            yield from paragraph(f"{hardware}: {told}", WIDTH, "   ", "     ")
        yield from _results(rows)


def told_verdict(review: Reviewed) -> str:
    """Return the verdict on a candidate: what was run is named, and what was not limits it."""
    if review.error is not None:
        return _NOT_JUDGED
    if review.policy is None:
        if review.coverage.not_judged:
            return _NOTHING_RUN
        return _AS_KNOWN if review.coverage.judged else _NO_DECISION
    subject = named(review.coverage)
    if judged(review.rows) is Judgement.SAFE and review.judgement is not Judgement.SAFE:
        nothing = f"{subject} breaks nothing on {counted(_total_of(review.rows), 'scenario')}"
        return f"{review.judgement.value}: {nothing}, but {_left_open(review)}"
    return _judgement(review.rows, subject)


def _left_open(review: Reviewed) -> str:
    """Return why what breaks nothing is not called safe."""
    if review.judgement is Judgement.UNSAFE:
        return "some guest that keeps the contract"
    if review.on_scenarios is Judgement.SAFE:
        return "what every guest can make of it is not known"
    if review.coverage.not_judged:
        return "not all was judged"
    missed = review.missed
    if missed.runs_nothing:
        return f"none of it is called{' on this hardware' if missed.on_chosen else ''}"
    if missed.leaves_out:
        return "they do not run all of it"
    return "some of its conditions only ever come to the same"


def _judgement(rows: Sequence[Checked], subject: str) -> str:
    total = _total_of(rows)
    judgement = judged(rows)
    match judgement:
        case Judgement.UNSAFE:
            share = _share(rows, total, judgement)
            return f"unsafe: {subject} breaks {share} that upstream keeps"
        case Judgement.UNDETERMINED:
            share = _share(rows, total, judgement)
            return f"undetermined: what {subject} breaks is not known on {share}"
        case Judgement.SAFE if any(row.result.outcome.findings for row in rows):
            what = "breaks nothing that upstream keeps"
            return f"safe: {subject} {what}, on {counted(total, 'scenario')}"
        case Judgement.SAFE:
            every = "all " if total > 1 else ""
            return f"safe: {subject} breaks nothing, on {every}{counted(total, 'scenario')}"
        case Judgement.UNREADABLE:
            return _NOT_JUDGED


def _total_of(rows: Iterable[Checked]) -> int:
    return len(dict.fromkeys(row.scenario_spec for row in rows))


def _share(rows: Iterable[Checked], total: int, judgement: Judgement) -> str:
    met = {row.scenario_spec for row in rows if judged([row]) is judgement}
    return f"{len(met)} of {counted(total, 'scenario')}"


def remarks(review: Reviewed) -> Iterator[str]:
    """Yield what was noted as the candidate was read, and what had to be assumed of it."""
    for note in review.candidate.notes:
        yield f"note: {note}"
    yield from coverage_lines(review.coverage)
    yield from review.missed.remarks
    if review.policy is None:
        return
    for name in review.policy.assumed:
        yield f"assumed: {name}() has no effect"
    if review.configs:
        shown = review.configs[:_MOST_CONFIGS]
        more = len(review.configs) - len(shown)
        rest = f" and {more} more" if more else ""
        yield f"assumed: {', '.join(shown)}{rest}"


def _results(rows: Sequence[Checked]) -> Iterator[str]:
    """Yield what the policy breaks, the shortest run in full; then what it costs."""
    found = [(row, each) for row in rows for each in row.result.outcome.findings]
    own = [(row, each) for row, each in found if row.result.introduced(each.kind) is not False]
    for row, each in sorted(own, key=lambda pair: pair[1].step)[:1]:
        yield from _in_full(row, each)
    for row, each in own:
        yield from _in_short(row, each)
    told_shared = (with_upstream(row) for row in rows)
    told = ", ".join(text for text in told_shared if text)
    if told:
        yield from paragraph(f"with upstream too: {told}", WIDTH, "   ", "     ")
    for row in rows:
        for open_ in left_open(row):
            yield from paragraph(open_, WIDTH, "   ", "     ")
    yield from table(tuple(costs(rows)), left=1, indent="   ")


def left_open(row: Checked) -> Iterator[str]:
    """Yield what the verdict on a scenario does not speak of, and why."""
    if unreached(row):
        yield f"{row.scenario_spec}: {unreached(row)}"
    if unjudged(row):
        yield f"{row.scenario_spec}: {unjudged(row)}"
    if uncosted(row):
        yield f"{row.scenario_spec}: {uncosted(row)}"
    outcome = row.result.outcome
    if outcome.reason is not None:
        what = "other findings are possible" if outcome.findings else "undetermined"
        yield f"{row.scenario_spec}: {what}: {why(row)}"


def with_upstream(row: Checked) -> str:
    """Return the findings of a row that upstream has as well."""
    kinds = [found.kind for found in row.result.outcome.findings]
    shared = [kind.value for kind in kinds if row.result.introduced(kind) is False]
    return f"{row.scenario_spec} ({', '.join(shared)})" if shared else ""


def _in_full(row: Checked, found: ShortestFound) -> Iterator[str]:
    timeline = Timeline.replay(row.cell.machine, found.events)
    finding = next(
        each for each in timeline.findings if each.kind is found.kind and each.step == found.step
    )
    text = f"shortest, on {row.scenario_spec}: {describe(timeline, finding)}"
    yield from paragraph(text, WIDTH, "   ", "     ")
    if found.cause is not None:
        step = timeline.steps[found.cause - 1]
        told = f"cause{_place(step, row)}: {sentence(step)}"
        yield from paragraph(told, WIDTH, "     ", "       ")


def _in_short(row: Checked, found: ShortestFound) -> Iterator[str]:
    text = f"{row.scenario_spec}: {found.kind.value} in {counted(found.step, 'step')}"
    if row.result.introduced(found.kind) is None:
        text = f"{text}, {origin(row, found)}"
    yield from paragraph(text, WIDTH, "   ", "     ")
    yield from opening(row, found, WIDTH, "     ")


def _place(step: Step, row: Checked) -> str:
    """Return where in the user's file a step of the policy is, if it is there."""
    sources = row.cell.policy.sources
    for effect in step.effects:
        if isinstance(effect, ConditionDecided | StatementExecuted | FlushSkipped):
            own = effect.place.source == sources[0].name
            line = user_line(sources, effect.place)
            return f" at line {line}" if own and line else ""
    return ""


def costs(rows: Sequence[Checked]) -> Iterator[tuple[str, ...]]:
    """Yield the costs where they differ from upstream's, and those of all scenarios together."""
    yield _HEADER
    costs = [_spans(row) for row in rows]
    alike = 0
    for row, (flushes, lines) in zip(rows, costs, strict=True):
        if None not in flushes and flushes[0] == flushes[1] and lines[0] == lines[1]:
            alike += 1
        else:
            yield (printable(row.scenario_spec), *map(span, (*flushes, *lines)))
    columns = zip(*((*flushes, *lines) for flushes, lines in costs), strict=True)
    name = f"all {len(rows)}, {alike} as upstream" if len(rows) > 1 else "as upstream"
    if alike or len(rows) > 1:
        yield (name, *(span(_total(column)) for column in columns))


def _spans(row: Checked) -> tuple[_Pair, _Pair]:
    """Return the flushes and the lines, each with upstream's."""
    ours, upstream = row.result.outcome, row.result.upstream
    if upstream is None:
        return (ours.flushes, None), (ours.lines_flushed, None)
    return (ours.flushes, upstream.flushes), (ours.lines_flushed, upstream.lines_flushed)


def _total(spans: Iterable[Span | None]) -> Span | None:
    every = list(spans)
    known = [each for each in every if each is not None]
    if len(known) < len(every):
        return None
    bounded = [each.most for each in known if each.most is not None]
    most = sum(bounded) if len(bounded) == len(known) else None
    return Span(sum(each.fewest for each in known), most)
