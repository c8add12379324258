from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arm.registers import Hcr, Sctlr
from engine.machine.actors import VMM
from engine.machine.state import Machine
from engine.provenance.reasons import (
    CachedWord,
    RamWord,
    RegisterBits,
    SeenWord,
    WhySubject,
)
from engine.provenance.why import why
from tests.engine.provenance.headline import (
    HCR,
    SCTLR,
    X,
)
from tests.engine.test_properties import machines, walk


@given(machines(), st.lists(st.integers(0, 11), max_size=30))
@settings(deadline=None, max_examples=60)
def test_everything_can_be_asked_in_every_state_and_reasons_lie_in_the_past(
    built: Machine, choices: list[int]
) -> None:
    run = walk(built, choices)
    for finding in run.findings:
        assert all((reason.step or 0) <= finding.step for reason in why(run, finding))
    for at in range(len(run.steps) + 1):
        there = run.seek(at)
        subjects: list[WhySubject] = [
            *(RamWord(X), CachedWord(X), SeenWord(0, X), SeenWord(1, X), SeenWord(VMM, X)),
            *(RegisterBits(0, SCTLR, Sctlr.C), RegisterBits(1, HCR, Hcr.TVM)),
        ]
        for subject in subjects:
            head, *reasons = why(there, subject)
            assert head.step == at
            steps = [reason.step or 0 for reason in reasons]
            assert steps == sorted(steps)
            assert all(step <= at for step in steps)
