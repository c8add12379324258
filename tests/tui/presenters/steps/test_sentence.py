from __future__ import annotations

from collections.abc import Callable

from tests.tui.presenters.steps.runs import BUSY, Run, sentences

Golden = Callable[[str, str], None]


def test_the_headline_reads_as_a_story(run: Run) -> None:
    assert sentences(run("secondary-stale-line"))[:2] == [
        "vcpu0 executes `msr sctlr_el1, x0`: HCR_EL2.TVM is set, so the write of SCTLR_EL1 traps "
        "to KVM; its caches are off so far.",
        "KVM writes 0xc5107d to SCTLR_EL1 of vcpu0 (M 0 -> 1, C 0 -> 1, I 0 -> 1): the data "
        "accesses of vcpu0 are Normal Write-Back from now on.",
    ]
    assert sentences(run("secondary-stale-line"))[5:8] == [
        "KVM, for vcpu0, calls stage2_flush_vm(), which takes the mmu_lock: 1 line to clean and "
        "invalidate.",
        "stage2_flush_vm() cleans and invalidates the line of x to the PoC: no cache holds it, "
        "nothing changes.",
        "stage2_flush_vm() is done with 1 line and releases the mmu_lock.",
    ]
    assert sentences(run("secondary-stale-line"))[12:] == [
        "vcpu0 executes `isb`.",
        "pcpu0 speculatively fills the line of x from RAM: the cached copy is x = 0.",
        "vcpu1 stores 1 to x around the caches (Device-nGnRnE): RAM is 1, the cached copy is "
        "still 0.",
        "vcpu1 executes `msr sctlr_el1, x0`: HCR_EL2.TVM is set, so the write of SCTLR_EL1 traps "
        "to KVM; its caches are off so far.",
        "KVM writes 0xc5107d to SCTLR_EL1 of vcpu1 (M 0 -> 1, C 0 -> 1, I 0 -> 1): the data "
        "accesses of vcpu1 are Normal Write-Back from now on.",
        "KVM, for vcpu1, executes `bool now_enabled = vcpu_has_cache_enabled(vcpu)`: now_enabled "
        "is 1.",
        "KVM, for vcpu1, decides `now_enabled != was_enabled`: true (now_enabled is 1, "
        "was_enabled is 0).",
        "KVM, for vcpu1, decides `vcpu->vcpu_id == 0`: false (vcpu->vcpu_id is 1); on this road "
        "nothing is flushed.",
        "KVM, for vcpu1, decides `now_enabled`: true (now_enabled is 1).",
        "KVM, for vcpu1, executes `*vcpu_hcr(vcpu) &= ~HCR_TVM`: HCR_EL2.TVM is clear, the "
        "register writes of vcpu1 trap no more.",
        "KVM, for vcpu1, executes `trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, "
        "now_enabled)`.",
        "KVM returns to the guest of vcpu1, whose accesses are Normal Write-Back: it sees x = 0 "
        "while the newest is 1, in RAM.",
        "vcpu1 executes `isb`.",
        "vcpu1 loads x = 0 from the cached copy (Normal Write-Back): the newest is 1, in RAM.",
    ]


def test_every_other_kind_of_step_has_a_sentence_of_its_own(run: Run, golden: Golden) -> None:
    golden("sentences", "".join(f"{text}\n" for text in sentences(run(BUSY, "upstream"))))
