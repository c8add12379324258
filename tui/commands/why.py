"""What why is asked of, and its answer: where a value comes from."""

from __future__ import annotations

from typing import Final

from engine.arm.registers import SystemRegister
from engine.findings import Finding
from engine.machine.actors import Actor
from engine.provenance.reasons import (
    CachedWord,
    ControlRegister,
    RamWord,
    RegisterBits,
    SeenWord,
    WhySubject,
)
from engine.provenance.why import why
from engine.query.expressions import (
    CLineRead,
    FieldRead,
    GeneralRegisterRead,
    InKvmRead,
    LineFact,
    LineRead,
    Literal,
    LocalRead,
    Old,
    PcRead,
    PlaceName,
    PowerRead,
    QueryBinary,
    QueryExpression,
    QueryUnary,
    Source,
    StaleRead,
    StaticRead,
    StepRead,
    SystemRegisterRead,
    VersionRead,
)
from engine.query.parser import parse
from engine.refusal import RefusedError, quote
from engine.timeline import Timeline
from tui.commands.arguments import is_number
from tui.commands.find import last_mover
from tui.presenters.panels.answers import WhyLine
from tui.presenters.panels.why import why_lines
from tui.session.session import Session

_WHY: Final = (
    "ram[WORD], cache[WORD], sees[ACTOR][WORD], sctlr[VCPU].BIT, hcr[VCPU].BIT, WORD or finding N"
)


def answer(session: Session, argument: str) -> tuple[WhyLine, ...]:
    """Return where a value comes from, as lines that each have their step.

    Raises:
        RefusedError: the argument is nothing that has an origin.
        RefusedError: it is no expression.
    """
    subject = _subject(session, argument)
    return why_lines(session.timeline, why(session.timeline, subject))


def _subject(session: Session, argument: str) -> WhySubject:
    if not argument or argument == "finding" or argument.startswith("finding "):
        return _finding(session, argument.removeprefix("finding").strip())
    words = {word.name: index for index, word in enumerate(session.setup.layout.words)}
    if argument in words:
        return SeenWord(last_mover(session), words[argument])
    subject = _asked(session.timeline, parse(argument, session.setup).expression)
    if subject is None:
        raise RefusedError(quote(argument), _WHY)
    return subject


def _asked(timeline: Timeline, expression: QueryExpression) -> WhySubject | None:
    match expression:
        case VersionRead(source, word, actor):
            return _version(timeline, source, word, actor)
        case StaleRead(actor, word):
            return SeenWord(actor, word)
        case LineRead(fact, word):
            return _line_fact(fact, word)
        case SystemRegisterRead(vcpu, None, field):
            return RegisterBits(vcpu, ControlRegister.HCR, field)
        case SystemRegisterRead(vcpu, register, field):
            known = register is SystemRegister.SCTLR_EL1
            return RegisterBits(vcpu, ControlRegister.SCTLR, field) if known else None
        case (
            Literal()
            | PlaceName()
            | CLineRead()
            | StepRead()
            | QueryUnary()
            | QueryBinary()
            | Old()
        ):
            return None
        case GeneralRegisterRead() | PcRead() | InKvmRead() | PowerRead():
            return None
        case StaticRead() | FieldRead() | LocalRead():
            return None


def _version(timeline: Timeline, source: Source, word: int, actor: Actor | None) -> WhySubject:
    match source:
        case Source.RAM:
            return RamWord(word)
        case Source.CACHE:
            return CachedWord(word)
        case Source.NEWEST:
            return _newest(timeline, word)
        case Source.SEES | Source.DUE:
            assert actor is not None
            return SeenWord(actor, word)


def _newest(timeline: Timeline, word: int) -> WhySubject:
    """Return the copy that has a word's newest version: RAM, unless only a cache has it."""
    layout = timeline.machine.setup.layout
    line, slot = timeline.machine.lines[layout.line_of[word]], layout.slot_of[word]
    newest = line.newest[slot]
    cached = line.cached is not None and line.cached[slot].number == newest
    if cached and line.ram[slot].number != newest:
        return CachedWord(word)
    return RamWord(word)


def _line_fact(fact: LineFact, word: int) -> WhySubject | None:
    match fact:
        case LineFact.DIRTY | LineFact.HOLDERS:
            return CachedWord(word)
        case LineFact.MAPPED:
            return None


def _finding(session: Session, argument: str) -> Finding:
    findings = session.timeline.findings
    if not findings:
        raise RefusedError("no finding in this run", _WHY)
    if not argument:
        at = session.timeline.cursor
        spoken = (each for each in findings if at in (each.cause, each.exact, each.step))
        return next(spoken, findings[0])
    if not is_number(argument) or not 1 <= int(argument) <= len(findings):
        raise RefusedError(quote(argument), f"a finding, 1 to {len(findings)}")
    return findings[int(argument) - 1]
