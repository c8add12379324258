from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.arm.registers import Hcr, Sctlr
from engine.machine.actors import VMM
from engine.provenance.reasons import (
    CachedWord,
    ControlRegister,
    RamWord,
    RegisterBits,
    SeenWord,
    WhySubject,
)
from engine.provenance.why import why
from engine.timeline import Timeline
from tui.presenters.panels.answers import WhyLine
from tui.presenters.panels.why import why_lines

Run = Callable[..., Timeline]
Golden = Callable[[str, str], None]

FINDINGS = [
    ("secondary-stale-line", "vcpu0-only"),
    ("single-vcpu-boot", "never"),
    ("psci-off-and-on", "upstream"),
    ("message-before-enable", "upstream"),
    ("vmm-reads-before-enable", "upstream"),
    ("false-sharing", "upstream"),
    ("false-sharing", "vcpu0-only"),
    ("message-after-enable", "vcpu0-only"),
    ("message-after-enable", "never"),
    ("message-after-enable", "refcount"),
    ("vmm-reads-after-enable", "vcpu0-only"),
    ("vmm-reads-after-enable", "never"),
    ("vmm-reads-after-enable", "refcount"),
    ("set-way-for-a-secondary", "never"),
    ("set-way-on-secondary", "never"),
]


@pytest.mark.parametrize(("scenario", "policy"), FINDINGS)
def test_a_finding_is_explained_a_line_a_reason(
    scenario: str, policy: str, run: Run, golden: Golden
) -> None:
    timeline = run(scenario, policy)
    text = "".join(
        f"{line}\n"
        for finding in timeline.findings
        for line in why_lines(timeline, why(timeline, finding))
    )
    golden(f"why-{scenario}-{policy}", text)


@pytest.mark.parametrize(
    ("scenario", "policy", "asked"),
    [
        ("secondary-stale-line", "upstream", ((18, SeenWord(1, 0)), (19, SeenWord(1, 0)))),
        ("secondary-stale-line", "vcpu0-only", ((17, SeenWord(1, 0)), (19, SeenWord(1, 0)))),
        ("mmu-before-caches", "upstream", ((11, CachedWord(0)), (13, SeenWord(0, 0)))),
        ("off-after-set-way", "never", ((18, RamWord(0)),)),
        ("psci-off-and-on", "upstream", ((20, CachedWord(0)),)),
    ],
)
def test_what_kvm_has_not_done_or_not_decided_yet_is_told_of_a_copy_that_is_behind(
    scenario: str, policy: str, asked: tuple[tuple[int, WhySubject], ...], run: Run, golden: Golden
) -> None:
    timeline = run(scenario, policy)
    answers = (why_lines(timeline, why(timeline.seek(at), subject)) for at, subject in asked)
    text = "\n".join("".join(f"{line}\n" for line in lines) for lines in answers)
    golden(f"why-behind-{scenario}-{policy}", text)


def test_values_and_bits_are_explained_at_any_step(run: Run, golden: Golden) -> None:
    timeline = run("secondary-stale-line", "vcpu0-only")
    asked: list[tuple[int, WhySubject]] = [
        (0, CachedWord(0)),
        (7, RegisterBits(0, ControlRegister.HCR, None)),
        (16, SeenWord(0, 0)),
        (16, SeenWord(1, 0)),
        (16, SeenWord(VMM, 0)),
        (22, RegisterBits(1, ControlRegister.HCR, Hcr.TVM)),
        (24, CachedWord(0)),
        (24, RamWord(0)),
        (24, RegisterBits(1, ControlRegister.SCTLR, Sctlr.M)),
    ]
    lines = []
    for at, subject in asked:
        there = timeline.seek(at)
        lines += [*map(str, why_lines(there, why(there, subject))), ""]
    golden("why-values", "\n".join(lines))


def test_each_line_goes_to_its_step(run: Run) -> None:
    timeline = run("secondary-stale-line", "vcpu0-only")
    lines = why_lines(timeline, why(timeline, timeline.findings[0]))
    assert [line.step for line in lines] == [26, None, None, 14, 15, 17, 20, 24]
    assert lines[6] == WhyLine(20, "flush skipped for vcpu1: vcpu->vcpu_id == 0 is false, 1 == 0")
