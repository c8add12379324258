from __future__ import annotations

import pytest

from engine.refusal import RefusedError
from tests.engine.compiler.lines import ended, handled, left, refusal
from tests.engine.compiler.shapes import policy_with


def test_members_of_arch_have_the_type_of_their_use() -> None:
    body = """
	vcpu->arch.seen = true;
	atomic64_inc(&vcpu->kvm->arch.count);
	set_bit(3, &vcpu->kvm->arch.mask);
	vcpu->kvm->arch.last = vcpu;
	vcpu->arch.nested.deep = vcpu->kvm->arch.mask;
	"""
    policy = policy_with(body)
    assert [(v.name, v.type.name) for v in policy.fields] == [  # type: ignore[union-attr]
        ("vcpu->arch.seen", "bool"),
        ("vcpu->arch.nested.deep", "unsigned long"),
    ]
    assert [v.name for v in policy.statics] == [
        *("kvm->arch.count", "kvm->arch.mask", "kvm->arch.last")
    ]


def test_members_that_the_source_declares_have_the_declared_type() -> None:
    policy = policy_with("vcpu->arch.n = 300;", "struct kvm_vcpu_arch { u8 n; };")
    assert [v.type.name for v in policy.fields] == ["unsigned char"]  # type: ignore[union-attr]


def test_what_is_kept_in_a_declared_member_is_cut_to_its_width() -> None:
    outside = """
struct kvm_arch { u8 small; int plain, *far; };
struct kvm_vcpu_arch { s8 own; };
struct other { u16 small; };
"""
    body = """
	vcpu->kvm->arch.small = 0x1ff;
	vcpu->kvm->arch.plain = 0x1ff;
	vcpu->arch.own = 0xff;
	x = vcpu->arch.own;
	"""
    found = left(body, f"{outside}static int x;")
    assert found == {"kvm->arch.small": 0xFF, "kvm->arch.plain": 0x1FF, "x": -1}


def test_a_member_that_is_used_as_two_things_is_refused() -> None:
    body = "vcpu->arch.m = 1; atomic_inc(&vcpu->arch.m);"
    assert "one type for each member of arch" in refusal(body)
    assert refusal("vcpu->arch.m = 1; vcpu->arch.m = vcpu->arch.n + 1L;") == ""
    assert refusal("if (vcpu->arch.m == vcpu) return;") == ""
    assert refusal("if (vcpu != vcpu->arch.m) return;") == ""
    body = "vcpu->arch.m = vcpu; if (vcpu->arch.m == NULL) vcpu->arch.m = 0;"
    assert refusal(body) == ""


def test_types_of_members_are_told_from_each_other_along_a_chain_that_is_not_too_long() -> None:
    def chain(length: int) -> str:
        links = "".join(f"vcpu->arch.m{n} = vcpu->arch.m{n + 1};" for n in range(length))
        return f"{links} vcpu->arch.m{length} = vcpu;"

    assert refusal(f"{chain(6)} if (vcpu->arch.m0 == vcpu) return;") == ""
    assert refusal(chain(7)).startswith(
        "test.c:1:1: found members of arch whose types depend on each other"
    )


def test_a_member_of_arch_that_nobody_declares_is_the_policys_own() -> None:
    body = """
	vcpu->arch.mine = 5;
	vcpu->arch.a.b = 6;
	vcpu->kvm->arch.mine = 7;
	other = kvm_get_vcpu(vcpu->kvm, 1)->arch.mine;
	"""
    state = ended(body, "static int other = 9;")
    policy = state.setup.policy
    assert [variable.name for variable in policy.fields] == ["vcpu->arch.mine", "vcpu->arch.a.b"]
    assert [variable.name for variable in policy.statics] == ["kvm->arch.mine", "other"]
    assert [vcpu.fields for vcpu in state.vcpus] == [(5, 6), (0, 0)]
    assert state.vm.statics == (7, 0)


VCPU_ARCH = (
    *("ctxt", "iflags", "cflags", "sflags", "mdcr_el2", "cptr_el2", "fault", "timer_cpu"),
    *("vgic_cpu", "pmu", "power_off", "mp_state", "pause", "features", "target"),
    *("host_cpu_context", "workaround_flags", "vsesr_el2", "steal", "has_run_once"),
    *("sysregs_loaded_on_cpu", "mmu_page_cache", "hw_mmu", "debug_ptr", "fgt", "hcrx_el2"),
    *("regs", "cp15", "midr", "irq_lines", "mmio_decode", "external_debug_state"),
)


KVM_ARCH = (
    *("mmu", "vgic", "timer", "timer_data", "vtcr", "pgd", "pgd_phys", "vttbr", "vmid"),
    *("vmid_gen", "last_vcpu_ran", "max_vcpus", "psci_version", "pmuver", "pmu_filter"),
    *("smccc_feat", "config_lock", "vcpu_features", "ran_once", "mte_enabled", "pkvm"),
    *("return_nisv_io_abort_to_user", "id_regs", "sysreg_masks", "nested_mmus"),
)


def test_a_member_that_kvm_has_and_the_model_lacks_is_refused() -> None:
    for holder, members in (("vcpu->arch", VCPU_ARCH), ("vcpu->kvm->arch", KVM_ARCH)):
        for member in members:
            line = f"int x = {holder}.{member};"
            assert f"`{holder}.{member}`, which the model lacks" in refusal(line)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("p->regval", 0x123),
        ("p->is_write", 1),
        ("p->is_aarch32", 0),
        ("p->is_32bit", 0),
        ("p->Rt", 0),
        ("r->reg == TCR_EL1", 1),
    ],
)
def test_a_handler_is_told_what_the_guest_wrote_and_where(member: str, value: int) -> None:
    assert handled(f"gives = {member};").vm.statics == (value,)


@pytest.mark.parametrize("member", ["p->reg", "p->frob", "r->regval", "r->Rt", "r->frob"])
def test_a_handler_is_told_nothing_else(member: str) -> None:
    with pytest.raises(RefusedError, match=f"found `{member}`"):
        handled(f"gives = {member};")
