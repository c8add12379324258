"""What C asks KVM's accessors, and what they change: vCPUs, registers, HCR_EL2, hardware."""

from __future__ import annotations

import attrs
import pytest

from engine.arm.registers import Hcr, Sctlr, SystemRegister
from engine.compiler.kernel.accessors import cpus_have_final_cap
from engine.machine.setup import Hardware
from engine.policy.policy import AsksFwb
from tests.engine.build import OFF, ON
from tests.engine.compiler.lines import (
    compiled,
    ended,
    handled,
    kernel_names,
    left,
    refusal,
    values,
)

CAPABILITIES = (
    *("cpus_have_final_cap", "cpus_have_const_cap", "cpus_have_cap", "this_cpu_has_cap"),
    *("alternative_has_cap_likely", "alternative_has_cap_unlikely", "cpus_have_final_boot_cap"),
)


def test_every_test_of_a_capability_asks_the_hardware_for_fwb() -> None:
    assert set(CAPABILITIES) == kernel_names(cpus_have_final_cap)
    asked = [f"{name}(ARM64_HAS_STAGE2_FWB)" for name in CAPABILITIES]
    for fwb in (False, True):
        hardware = Hardware(pcpus=2, fwb=fwb)
        assert values(asked, hardware=hardware) == dict.fromkeys(asked, int(fwb))
    for line in asked:
        assert compiled(f"if ({line}) return;").questions == (AsksFwb(),)
    assert compiled("return;").questions == ()


def test_any_other_capability_is_refused() -> None:
    for name in CAPABILITIES:
        assert "expected ARM64_HAS_STAGE2_FWB" in refusal(f"int x = {name}(ARM64_HAS_PAN);")
        assert "expected 1 arguments" in refusal(f"int x = {name}();")


EXPECTED = {
    "smp_processor_id()": 1,
    "raw_smp_processor_id()": 1,
    "get_cpu()": 1,
    "kvm_get_running_vcpu() == vcpu": 1,
    "kvm_get_vcpu(vcpu->kvm, 1) == vcpu": 1,
    "kvm_get_vcpu(vcpu->kvm, 0)->vcpu_id": 0,
    "kvm_get_vcpu(vcpu->kvm, 2) == NULL": 1,
    "kvm_get_vcpu(vcpu->kvm, -1) == NULL": 1,
    "kvm_get_vcpu_by_id(vcpu->kvm, 1) == vcpu": 1,
    "kvm_get_vcpu_by_id(vcpu->kvm, 0)->vcpu_idx": 0,
    "kvm_get_vcpu_by_id(vcpu->kvm, 2) == NULL": 1,
    "vcpu->vcpu_id": 1,
    "vcpu->vcpu_idx": 1,
    "vcpu->cpu": 1,
    "kvm_get_vcpu(vcpu->kvm, 0)->cpu": 0,
    "vcpu->kvm == kvm_get_vcpu(vcpu->kvm, 0)->kvm": 1,
    "vcpu->kvm->created_vcpus": 2,
    "vcpu_has_cache_enabled(vcpu)": 1,
    "vcpu_read_sys_reg(vcpu, SCTLR_EL1)": ON,
    "__vcpu_sys_reg(vcpu, SCTLR_EL1)": ON,
    "vcpu_sys_reg(vcpu, SCTLR_EL1)": ON,
    "vcpu_get_hcr(vcpu)": Hcr.reset(fwb=False),
    "*vcpu_hcr(vcpu)": Hcr.reset(fwb=False),
    "vcpu->arch.hcr_el2": Hcr.reset(fwb=False),
    "*vcpu_pc(vcpu)": 0,
    "read_cpuid_implementor()": 0x48,
    "read_cpuid_implementor() * 0 - 1 > 0": 1,
    "sizeof(vcpu_get_hcr(vcpu))": 8,
    "sizeof(vcpu_read_sys_reg(vcpu, SCTLR_EL1))": 8,
}


def test_an_accessor_gives_what_is_true_of_the_machine() -> None:
    hardware = Hardware(pcpus=2, implementor=0x48)
    assert values(EXPECTED, vcpu=1, hardware=hardware) == EXPECTED


@pytest.mark.parametrize(
    ("sctlr", "enabled"),
    [
        (OFF, 0),
        (OFF | Sctlr.M.mask, 0),
        (OFF | Sctlr.C.mask, 0),
        (ON, 1),
        (ON | Sctlr.I.mask, 1),
    ],
)
def test_caches_are_enabled_once_m_and_c_are_both_set(sctlr: int, enabled: int) -> None:
    body = f"vcpu_write_sys_reg(vcpu, {sctlr:#x}, SCTLR_EL1); on = vcpu_has_cache_enabled(vcpu);"
    assert left(body, "static int on = 2;") == {"on": enabled}


def test_caches_are_those_of_the_vcpu_that_is_named() -> None:
    body = """
	vcpu_write_sys_reg(kvm_get_vcpu(vcpu->kvm, 1), 0, SCTLR_EL1);
	on = vcpu_has_cache_enabled(vcpu);
	other = vcpu_has_cache_enabled(kvm_get_vcpu(vcpu->kvm, 1));
	"""
    assert left(body, "static int on; static int other = 2;") == {"on": 1, "other": 0}


@pytest.mark.parametrize(
    "line",
    [
        "vcpu_set_hcr(vcpu, 5);",
        "*vcpu_hcr(vcpu) = 5;",
        "vcpu->arch.hcr_el2 = 5;",
        "*vcpu_hcr(vcpu) = vcpu_get_hcr(vcpu) & 0 | 5;",
    ],
)
def test_hcr_is_written_in_the_vcpu_that_is_named(line: str) -> None:
    state = ended(line, vcpu=1)
    assert [vcpu.hcr_el2 for vcpu in state.vcpus] == [Hcr.reset(fwb=False), 5]


@pytest.mark.parametrize(
    "line",
    [
        "vcpu_write_sys_reg(vcpu, 5, TCR_EL1);",
        "vcpu_sys_reg(vcpu, TCR_EL1) = 5;",
        "__vcpu_sys_reg(vcpu, TCR_EL1) = 5;",
        "__vcpu_sys_reg(vcpu, TCR_EL1 + vcpu->vcpu_id - 1) = 5;",
    ],
)
def test_a_register_is_written_in_the_vcpu_that_is_named(line: str) -> None:
    state = ended(line, vcpu=1)
    assert state.vcpus[0].registers.read(SystemRegister.TCR_EL1) == 0
    assert state.vcpus[1].registers.read(SystemRegister.TCR_EL1) == 5


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("int x = vcpu_read_sys_reg(vcpu, 0);", "expected an EL1 register's name"),
        ("int x = vcpu_read_sys_reg(vcpu, 20);", "expected an EL1 register's name"),
        ("int x = vcpu_read_sys_reg(vcpu);", "expected 2 arguments"),
        ("vcpu_write_sys_reg(vcpu, SCTLR_EL1);", "expected 3 arguments"),
        ("int x = vcpu_read_sys_reg(vcpu->kvm, SCTLR_EL1);", "a struct kvm *; expected a struct"),
        ("vcpu_set_hcr(vcpu);", "expected 2 arguments"),
        ("u64 x = vcpu_get_hcr();", "expected 1 arguments"),
        ("u64 *x = vcpu_hcr();", "expected 1 arguments"),
        ("u64 x = *vcpu_pc();", "expected 1 arguments"),
        ("*vcpu_pc(vcpu) = 0;", "expected an object that can change"),
        ("vcpu->vcpu_id = 0;", "expected an object that can change"),
        ("vcpu->cpu = 0;", "expected an object that can change"),
        ("vcpu->kvm = NULL;", "expected an object that can change"),
        ("vcpu->kvm->created_vcpus = 0;", "expected an object that can change"),
        ("int x = vcpu_has_cache_enabled();", "expected 1 arguments"),
        ("int x = vcpu_has_cache_enabled(vcpu->kvm);", "expected a struct kvm_vcpu *"),
        ("struct kvm_vcpu *v = kvm_get_vcpu(vcpu->kvm);", "expected 2 arguments"),
        ("struct kvm_vcpu *v = kvm_get_vcpu(vcpu, 0);", "expected a struct kvm *"),
        ("int x = smp_processor_id(1);", "expected 0 arguments"),
        ("int x = read_cpuid_implementor(1);", "expected 0 arguments"),
        ("struct kvm_vcpu *v = kvm_get_running_vcpu(1);", "expected 0 arguments"),
        ("int x = vcpu_cp15(vcpu, 1);", "64-bit guests"),
        ("int x = vcpu_cp15_64_low(vcpu, 1);", "64-bit guests"),
        ("int x = vcpu_cp15_64_high(vcpu, 1);", "64-bit guests"),
        ("vcpu_cp15(vcpu, 1) = 0;", "64-bit guests"),
        ("u64 x = vcpu_get_reg(vcpu, 5);", "expected the register p->Rt"),
        ("u64 x = vcpu_get_reg(vcpu);", "expected 2 arguments"),
        ("int x = (vcpu_has_cache_enabled)(vcpu) + vcpu(1);", "a call of a function by name"),
        ("smp_processor_id() = 1;", "expected a variable, a member or `*pointer`"),
    ],
)
def test_an_accessor_that_is_misused_is_refused(line: str, message: str) -> None:
    assert message in refusal(line)


def test_a_register_by_a_number_that_is_none_stops_the_vcpu() -> None:
    with pytest.raises(AssertionError, match="stopped on the way"):
        ended("__vcpu_sys_reg(vcpu, vcpu->vcpu_id) = 5;")
    with pytest.raises(AssertionError, match="stopped on the way"):
        ended("vcpu_write_sys_reg(vcpu, 5, MPIDR_EL1);")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("p->regval", 0x123),
        ("vcpu_get_reg(vcpu, p->Rt)", 0x123),
        ("*vcpu_reg(vcpu, p->Rt)", 0x123),
        ("p->is_write", 1),
        ("p->is_aarch32", 0),
        ("p->is_32bit", 0),
        ("p->Rt", 0),
        ("r->reg", 4),
        ("r->reg == TCR_EL1", 1),
    ],
)
def test_a_handler_sees_the_write_that_was_trapped(expression: str, value: int) -> None:
    assert handled(f"gives = {expression};").vm.statics == (value,)


def test_a_64_bit_guests_write_is_of_all_bits() -> None:
    body = "u64 mask, shift; get_access_mask(r, &mask, &shift); gives = ~mask + shift;"
    assert handled(body).vm.statics == (0,)
    reversed_ = "u64 mask, shift; get_access_mask(r, &shift, &mask); gives = ~mask + shift;"
    assert handled(reversed_).vm.statics == ((1 << 64) - 2,)


def test_a_handler_writes_the_register_that_its_description_names() -> None:
    for register in (SystemRegister.TTBR0_EL1, SystemRegister.AMAIR_EL1):
        for line in ("vcpu_write_sys_reg(vcpu, p->regval, r->reg);",
                     "__vcpu_sys_reg(vcpu, r->reg) = p->regval;"):  # fmt: skip
            state = handled(line, register)
            assert state.vcpus[1].registers.read(register) == 0x123
            untouched = attrs.evolve(state.vcpus[0], fields=())
            assert untouched.registers.read(register) == 0


def test_what_the_exit_says_cannot_be_changed() -> None:
    reached = "*vcpu_reg(vcpu, p->Rt) = 0;"
    for line in ("p->regval = 0;", "p->is_write = false;", "r->reg = 1;", reached):
        with pytest.raises(Exception, match="expected an object that can change"):
            handled(line)
