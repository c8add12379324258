"""What a function that nothing enters may do to what the machine decides, by its tokens."""

from __future__ import annotations

import pytest

from scenarios.coverage.definitions import definitions_of
from scenarios.coverage.side_effects import side_effect

ASSEMBLY = "does by assembly what the machine has to know of"

BODIES = {
    "*vcpu_hcr(vcpu) &= ~x;": "uses HCR_EL2",
    "vcpu_clear_hcr(vcpu, x);": "uses HCR_EL2",
    "set(vcpu, TVM);": "uses HCR_EL2",
    "write_sysreg(0, HCR_EL2);": "may write HCR_EL2",
    "write_sysreg_s(0, SYS_HCR_EL2);": "may write HCR_EL2",
    "sysreg_clear_set(hcr_el2, x, 0);": "uses HCR_EL2",
    "x = read_sysreg(HCR_EL2);": None,
    "vgic_hcr(vcpu); ich_hcr_el2(vcpu); x = hcrx_el2;": None,
    "__vcpu_sys_reg(vcpu, SCTLR_EL1) = 5;": "may write SCTLR_EL1",
    "vcpu_write_sys_reg(vcpu, 5, SCTLR_EL1);": "may write SCTLR_EL1",
    "vcpu->arch.ctxt.sys_regs[SCTLR_EL1] = 5;": "may write SCTLR_EL1",
    "x = vcpu_read_sys_reg(vcpu, SCTLR_EL1);": None,
    "vcpu_write_sys_reg(vcpu, 5, TCR2_EL1);": None,
    'asm volatile("msr hcr_el2, %0" : : "r" (0));': ASSEMBLY,
    'asm("dc ivac, %0" : : "r" (0));': ASSEMBLY,
    'asm("mrs %0, ctr_el0" : "=r" (x));': None,
    "dcache_inval_poc(from, to);": "invalidates lines of the caches",
    "memset(&vcpu->arch, 0, n);": "may overwrite all of `arch`",
    "memset(a, 0, sizeof(*a));": "may overwrite all of `a`",
    "memcpy((vcpu), other, n);": "may overwrite all of `vcpu`",
    "memset(vcpu->arch.regs, 0, n); memcpy(buffer, &vcpu->arch, n);": None,
    "vcpu->arch = nothing;": "may overwrite all of `arch`",
    "vcpu->arch.ctxt = nothing;": "may overwrite all of `ctxt`",
    "*a = nothing;": "may overwrite all of `a`",
    "mmu->arch = &kvm->arch; struct kvm_vcpu *v = x; int y = 2 * a;": None,
    "vcpu->vcpu_id = 0;": "may write `vcpu_id`",
    "if (vcpu->vcpu_id == 0) vcpu->cpu = cpu;": None,
    "toggle(vcpu, true);": "calls toggle()",
}


@pytest.mark.parametrize("body", BODIES)
def test_a_function_that_may_change_what_decides_says_so(body: str) -> None:
    text = f"void f(struct kvm_vcpu *vcpu, struct kvm_vcpu_arch *a)\n{{\n{body}\n}}\n"
    (found,) = definitions_of(text, {})
    assert side_effect(found, {"toggle", "f"}) == BODIES[body]


def test_a_macro_acts_where_it_is_used() -> None:
    text = "#define clear(v) memset(&(v)->arch, 0, 8)\n#define drop(v) ((v)->arch.hcr_el2 = 0)\n"
    found = [side_effect(macro) for macro in definitions_of(text, {})]
    assert found == [None, "uses HCR_EL2"]
