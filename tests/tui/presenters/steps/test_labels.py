from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.steps.labels import event_row, signs

Run = Callable[..., Timeline]


def test_a_finding_marks_its_cause_its_exact_step_and_its_load(run: Run) -> None:
    assert signs(run("secondary-stale-line")) == {20: "CAUSE", 24: "EXACT", 26: "STALE"}


def test_the_list_reads_as_a_trace_with_kvm_indented_under_the_guest(run: Run) -> None:
    timeline = run("secondary-stale-line").seek(24)
    marks = signs(timeline)
    assert [event_row(timeline, step, 62, marks).text.rstrip() for step in range(27)] == [
        "  0 start",
        "  1 vcpu0 msr sctlr_el1, x0: trap",
        "  2 vcpu0   SCTLR_EL1 = 0xc5107d",
        "  3 vcpu0   bool now_enabled = vcpu_has_cache_enabled(vcpu)",
        "  4 vcpu0   now_enabled != was_enabled: true",
        "  5 vcpu0   vcpu->vcpu_id == 0: true",
        "  6 vcpu0   stage2_flush_vm(vcpu->kvm), 1 line",
        "  7 vcpu0   flush the line of x",
        "  8 vcpu0   stage2_flush_vm() ends",
        "  9 vcpu0   now_enabled: true",
        " 10 vcpu0   *vcpu_hcr(vcpu) &= ~HCR_TVM, TVM cleared",
        " 11 vcpu0   trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enable…",
        " 12 vcpu0   return to guest",
        " 13 vcpu0 isb",
        " 14 hw    fill x on pcpu0",
        " 15 vcpu1 str x2, [x1]: x = 1 to RAM",
        " 16 vcpu1 msr sctlr_el1, x0: trap",
        " 17 vcpu1   SCTLR_EL1 = 0xc5107d",
        " 18 vcpu1   bool now_enabled = vcpu_has_cache_enabled(vcpu)",
        " 19 vcpu1   now_enabled != was_enabled: true",
        " 20 vcpu1 CAUSE   vcpu->vcpu_id == 0: false, flush SKIPPED",
        " 21 vcpu1   now_enabled: true",
        " 22 vcpu1   *vcpu_hcr(vcpu) &= ~HCR_TVM, TVM cleared",
        " 23 vcpu1   trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enable…",
        ">24 vcpu1 EXACT   return to guest",
        " 25 vcpu1 isb",
        " 26 vcpu1 STALE ldr x3, [x1]: x = 0 from cache",
    ]


def test_a_row_knows_its_step(run: Run) -> None:
    assert event_row(run("secondary-stale-line"), 7, 40, {}).step == 7
