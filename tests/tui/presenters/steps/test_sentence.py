from __future__ import annotations

from collections.abc import Callable

from engine.timeline import Timeline
from tui.presenters.steps.sentence import sentence

Run = Callable[..., Timeline]
Golden = Callable[[str, str], None]

BUSY = """
title = "Everything at once"
teaches = "Every kind of step."
schedule = [
  "vcpu0 finish", "vmm finish", "fill x on pcpu0", "evict x", "vcpu2 finish", "vcpu1 finish",
  "vcpu0",
]
[hardware]
pcpus = 3
[memory]
mapped = "none"
words = { x = { address = 0x4000_0000 }, y = { address = 0x4000_0008, value = 7 } }
cached = [ { line = "x", on = ["pcpu0"], dirty = true, values = { x = 5 } } ]
[[vcpu]]
registers = { x0 = 0x00C5_107D }
program = '''
        ldr     x1, =x
        ldr     x2, [x1]
        psci_cpu_on vcpu2
        psci_cpu_on vcpu2
        cbz     x5, on
        nop
on:     cmp     x5, #0
        b.ne    on
        kick_vmm
        wfi
'''
[[vcpu]]
registers = { x0 = 0x00C5_107D }
program = '''
        msr     ttbr0_el1, x0
        dc      cisw, x0
        ldr     x9, [x5]
'''
[[vcpu]]
power = "off"
program = '''
        ldr     x1, =x
        dc      ivac, x1
        psci_cpu_off
'''
[vmm]
program = '''
        wait_kick
        ldr     x1, =y
        mov     x2, #9
        str     x2, [x1]
        dc      civac, x1
        vcpu_init vcpu1
        set_one_reg vcpu1, sctlr_el1, 0xc5107d
        set_mp_state vcpu1, stopped
        set_mp_state vcpu1, runnable
        inject_irq vcpu0
'''
"""


def sentences(timeline: Timeline) -> list[str]:
    return [sentence(step) for step in timeline.steps]


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


def test_a_policy_that_never_flushes_is_said_to_have_no_road_that_does(run: Run) -> None:
    assert sentences(run("secondary-stale-line", "never"))[2] == (
        "KVM, for vcpu0, executes `bool now_enabled = vcpu_has_cache_enabled(vcpu)`: now_enabled "
        "is 1; no road of this policy flushes."
    )


def test_every_other_kind_of_step_has_a_sentence_of_its_own(run: Run, golden: Golden) -> None:
    golden("sentences", "".join(f"{text}\n" for text in sentences(run(BUSY, "upstream"))))


STRAYING = """
title = "Out of three programs"
teaches = "Faults."
schedule = ["vcpu0 finish", "vmm finish"]
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
program = "psci_cpu_on vcpu1, out; cbz x5, off; nop; off:"
[[vcpu]]
power = "off"
program = "nop; out:"
[vmm]
program = "set_one_reg vcpu1, pc, out; dc civac, x1"
"""


def test_whoever_leads_a_program_out_of_itself_is_told_of(run: Run) -> None:
    assert sentences(run(STRAYING, "upstream")) == [
        "vcpu0 calls PSCI CPU_ON: vcpu1 starts at end with its caches off; its HCR_EL2.TVM is "
        "set; vcpu1 has no instruction there, and stops.",
        "vcpu0 executes `cbz x5, off`: its program has no instruction there, and it stops.",
        "The VMM executes `set_one_reg vcpu1, pc, out`: vcpu1 has no instruction there, and stops.",
        "The VMM executes `dc civac, x1`: 0x0 is no word of guest RAM, and it stops here.",
    ]
