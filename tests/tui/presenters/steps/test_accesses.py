from __future__ import annotations

from tests.tui.presenters.steps.runs import STRAYING, Golden, Run, every_kind, sentences
from tui.presenters.steps import accesses


def test_whoever_leads_a_program_out_of_itself_is_told_of(run: Run) -> None:
    assert sentences(run(STRAYING, "upstream")) == [
        "vcpu0 calls PSCI CPU_ON: vcpu1 starts at end with its caches off; its HCR_EL2.TVM is "
        "set; vcpu1 has no instruction there, and stops.",
        "vcpu0 executes `cbz x5, off`: its program has no instruction there, and it stops.",
        "The VMM executes `set_one_reg vcpu1, pc, out`: vcpu1 has no instruction there, and stops.",
        "The VMM executes `dc civac, x1`: 0x0 is no word of guest RAM, and it stops here.",
    ]


def test_what_programs_do_to_memory_is_told_as_it_always_was(run: Run, golden: Golden) -> None:
    golden("accounts-accesses", every_kind(run, accesses))
