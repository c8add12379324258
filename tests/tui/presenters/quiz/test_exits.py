from __future__ import annotations

from tests.tui.presenters.quiz.asked import Run, texts


def test_a_write_that_does_not_trap_is_asked_about(run: Run) -> None:
    assert (
        "vcpu1 executes `msr sctlr_el1, x0` next. What happens?",
        "SCTLR_EL1 is written at once, and KVM hears nothing of it.",
    ) in texts(run("psci-off-and-on", "upstream"))


def test_a_trap_that_toggles_nothing_needs_no_flush(run: Run) -> None:
    assert (
        "vcpu1 has trapped to KVM: it writes TTBR0_EL1. Does KVM flush before vcpu1 goes on?",
        "No: this exit flushes nothing.",
    ) in texts(run("trap-without-toggle", "upstream"))
