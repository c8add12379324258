from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import attrs
import pytest

from engine.arm.a64.maintenance import CleanOperation
from engine.arm.memory_type import MemoryType
from engine.arm.registers import SystemRegister
from engine.machine.effects import (
    AccessFailed,
    ChoiceMade,
    ConditionDecided,
    Copy,
    Effect,
    Evicted,
    FaultTaken,
    FetchFailed,
    Filled,
    FlushBegun,
    FlushEnded,
    FlushSkipped,
    HcrWritten,
    InterruptInjected,
    InterruptTaken,
    Invalidated,
    Kicked,
    KickNoticed,
    LineFlushed,
    Loaded,
    Maintained,
    PageMapped,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
    ReturnedToGuest,
    Stage2Unmapped,
    StatementExecuted,
    Stored,
    Trapped,
    TvmArmed,
    TvmCleared,
    VcpuInitialised,
    WrittenBack,
)
from engine.machine.events import Event, GuestExecutes, KvmExecutes, VmmExecutes
from engine.machine.hardware import LineFilled
from engine.machine.state import WalkPurpose
from engine.memory.line import Version
from engine.policy.source import Place
from engine.timeline import Timeline
from engine.transition import Step
from tui.presenters.cells import Tone
from tui.presenters.steps.account import Sign
from tui.presenters.steps.signs import LETTERS, MEANINGS, kvm_sign, own_sign

Run = Callable[..., Timeline]

FLUSH = WalkPurpose.FLUSH_VM
HERE = Place("upstream.c", 1, 1, 1, 2)
VERSION = Version(1, 1)
CACHED = MemoryType.WRITE_BACK

SIGNS: list[tuple[Effect, str]] = [
    (Loaded(0, 0, VERSION, CACHED, Copy.CACHE), "r"),
    (Stored(0, 0, VERSION, CACHED, Copy.CACHE), "w"),
    (Filled(0, 0, speculative=True), "+"),
    (Evicted(0, None), "x"),
    (WrittenBack(0), "W"),
    (Invalidated(0), " "),
    (Maintained(0, 0, CleanOperation.CVAC, CleanOperation.CVAC), "m"),
    (Trapped(0, SystemRegister.SCTLR_EL1), "T"),
    (RegisterWritten(0, SystemRegister.SCTLR_EL1, 0, 1, trapped=False), " "),
    (HcrWritten(0, 0, 1), " "),
    (TvmCleared(0), " "),
    (TvmArmed(0), " "),
    (ConditionDecided(0, HERE, "a", (), outcome=True), "?"),
    (StatementExecuted(0, HERE, "a();"), "."),
    (FlushBegun(0, FLUSH, 1), "F"),
    (LineFlushed(0, FLUSH, 0), "f"),
    (FlushEnded(0, FLUSH, 1), "."),
    (FlushSkipped(0, HERE, None, (), outcome=True, at_toggle=False), "."),
    (ReturnedToGuest(0), "^"),
    (FaultTaken(0, 0), "T"),
    (PageMapped(0), " "),
    (Stage2Unmapped(), " "),
    (PoweredOn(0, 1), "o"),
    (PoweredOff(0, 0), "o"),
    (VcpuInitialised(0), "o"),
    (Kicked(0), "k"),
    (KickNoticed(0), "k"),
    (InterruptInjected(0), "k"),
    (InterruptTaken(0), "k"),
    (ChoiceMade(0, "store"), "c"),
    (AccessFailed(0, 0), " "),
    (FetchFailed(0), " "),
]
"""Each kind of effect with the letter that it has where it is alone."""


@pytest.fixture
def step(run: Run) -> Callable[..., Step]:
    """Return a step of an event with some effects."""
    first = run("secondary-stale-line").steps[0]

    def made(event: Event, *effects: Effect) -> Step:
        return attrs.evolve(first, event=event, effects=effects)

    return made


def letter(sign: Sign) -> str:
    return LETTERS[sign][0]


def test_each_kind_of_effect_has_a_letter(step: Callable[..., Step]) -> None:
    assert {type(effect) for effect, _ in SIGNS} == set(get_args(Effect))
    hardware = LineFilled(0, 0)
    shown = [(effect, letter(own_sign(step(hardware, effect)))) for effect, _ in SIGNS]
    assert shown == SIGNS


def test_a_fill_that_an_access_asked_for_is_part_of_the_access(step: Callable[..., Step]) -> None:
    fill = Filled(0, 0, speculative=False)
    load = Loaded(0, 0, VERSION, CACHED, Copy.CACHE)
    assert own_sign(step(GuestExecutes(0), fill, load)) is Sign.LOAD


@pytest.mark.parametrize("event", [GuestExecutes(0), VmmExecutes()])
def test_whatever_a_program_does_is_an_instruction_at_least(
    step: Callable[..., Step], event: Event
) -> None:
    assert own_sign(step(event)) is Sign.INSTRUCTION
    assert own_sign(step(event, TvmCleared(0))) is Sign.INSTRUCTION
    assert own_sign(step(event, Trapped(0, SystemRegister.SCTLR_EL1))) is Sign.TRAP


def test_while_kvm_runs_the_lane_of_its_vcpu_says_no_more_than_that(
    step: Callable[..., Step],
) -> None:
    flush, back = FlushBegun(0, FLUSH, 1), ReturnedToGuest(0)
    in_kvm, leaving = step(KvmExecutes(0), flush), step(KvmExecutes(0), flush, back)
    assert [own_sign(each) for each in (in_kvm, leaving)] == [Sign.IN_KVM, Sign.RETURN]
    assert [kvm_sign(each) for each in (in_kvm, leaving)] == [Sign.FLUSH, Sign.FLUSH]
    assert kvm_sign(step(KvmExecutes(0))) is Sign.STATEMENT


def test_of_several_effects_the_one_that_matters_most_is_shown(step: Callable[..., Step]) -> None:
    kvm = KvmExecutes(0)
    statement = StatementExecuted(0, HERE, "a();")
    assert own_sign(step(LineFilled(0, 0), Evicted(0, 0), WrittenBack(0))) is Sign.WRITE_BACK
    assert kvm_sign(step(kvm, statement, FlushBegun(0, FLUSH, 1))) is Sign.FLUSH
    assert kvm_sign(step(kvm, statement, ReturnedToGuest(0))) is Sign.RETURN
    assert kvm_sign(step(kvm, LineFlushed(0, FLUSH, 0), WrittenBack(0))) is Sign.WRITE_BACK


def test_a_flush_is_skipped_only_where_caches_are_toggled(run: Run) -> None:
    headline, not_due = run("secondary-stale-line"), run("trap-without-toggle", "upstream")
    skipped = [at for at, each in enumerate(headline.steps, 1) if kvm_sign(each) is Sign.SKIP]
    assert skipped == [20]
    assert LETTERS[Sign.SKIP] == ("S", Tone.SKIPPED)
    decided = [
        kvm_sign(each)
        for each in not_due.steps
        if any(isinstance(effect, FlushSkipped) for effect in each.effects)
    ]
    assert decided == [Sign.CONDITION, Sign.CONDITION]


def test_every_sign_is_written_in_its_own_way_and_explained() -> None:
    assert list(LETTERS) == list(Sign)
    assert len(set(LETTERS.values())) == len(Sign)
    explained = {each for letters, _ in MEANINGS for each in letters.split()}
    assert explained == {letter(sign) for sign in Sign} - {" "}
