"""What KVM's C decides about guest memory, and the functions of all eras that decide it.

A row here is a row of the model's table of decisions: the machine enters an `entries` function (or
the handler that a register table names), and below it are `walks`, which the machine never enters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import attrs

from scenarios.kernel.registers import (
    AARCH32_SET_WAY,
    AARCH32_TVM_REGISTERS,
    SET_WAY,
    TVM_REGISTERS,
)

POLICY_FUNCTIONS: Final = ("kvm_toggle_cache", "kvm_set_way_flush", "access_vm_reg", "access_sctlr")
"""The kernel functions that make a policy, in the order they are reported."""


@attrs.frozen
class Decision:
    """What is decided, as the rest of "changes …", and by which functions and macros."""

    what: str
    entries: tuple[str, ...]
    walks: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    """Those whose rows in the tables name the function that is entered."""


TRAPPED_WRITE: Final = Decision(
    "what a write of a trapped register does",
    ("access_vm_reg", "access_sctlr"),
    ("kvm_toggle_cache", "vcpu_has_cache_enabled", "get_access_mask"),
    (*TVM_REGISTERS, *AARCH32_TVM_REGISTERS),
)
SET_WAY_OPERATION: Final = Decision(
    "what maintenance by set and way does",
    ("access_dcsw", "access_dcgsw"),
    ("kvm_set_way_flush", "do_dc_cisw", "do_dc_csw"),
    (*SET_WAY, *AARCH32_SET_WAY),
)
DISPATCH: Final = Decision(
    "which handler a trap runs",
    (
        *("kvm_handle_sys_reg", "kvm_handle_cp15_32", "kvm_handle_cp15_64"),
        *("kvm_handle_cp14_32", "kvm_handle_cp14_64"),
    ),
    (
        *("emulate_sys_reg", "emulate_cp", "emulate_cp15", "perform_access", "find_reg"),
        *("kvm_handle_cp_32", "kvm_handle_cp_64", "match_sys_reg", "triage_sysreg_trap"),
        *("sys_reg_descs", "sys_insn_descs", "cp15_regs", "cp15_64_regs"),
    ),
)
ARMING: Final = Decision(
    "when TVM is armed",
    ("vcpu_reset_hcr",),
    (
        "kvm_arch_vcpu_setup",
        *("HCR_GUEST_FLAGS", "HCR_GUEST_MASK", "vcpu_get_hcr", "vcpu_set_hcr", "vcpu_hcr"),
        *("hypsec_vcpu_reset_hcr", "pkvm_vcpu_reset_hcr"),
    ),
)
INITIALISATION: Final = Decision(
    "what KVM_ARM_VCPU_INIT does",
    ("kvm_arch_vcpu_ioctl_vcpu_init",),
    (
        *("kvm_vcpu_set_target", "__kvm_vcpu_set_target", "kvm_vcpu_init_changed"),
        *("vcpu_has_run_once", "kvm_setup_vcpu", "kvm_vcpu_initialized"),
        *("kvm_arm_vcpu_power_off", "vcpu_power_off"),
    ),
)
FIRST_RUN: Final = Decision(
    "what a vCPU's first run does",
    ("kvm_arch_vcpu_run_pid_change", "kvm_vcpu_first_run_init"),
)
RESET: Final = Decision(
    "what a reset of a vCPU does",
    ("kvm_reset_vcpu",),
    (
        *("kvm_psci_vcpu_on", "kvm_reset_sys_regs", "reset_sys_reg_descs", "kvm_reset_coprocs"),
        *("reset_coproc_regs", "check_vcpu_requests", "kvm_vcpu_reset", "vcpu_req_reload"),
    ),
)
FAULT: Final = Decision(
    "what a fault on an unmapped page does",
    ("user_mem_abort", "kvm_handle_guest_abort"),
    (
        *("coherent_cache_guest_page", "__coherent_cache_guest_page", "coherent_icache_guest_page"),
        *("clean_dcache_guest_page", "__clean_dcache_guest_page", "gmem_abort"),
        *("kvm_vma_is_cacheable", "kvm_is_device_pfn", "transparent_hugepage_adjust"),
        *("stage2_set_pte", "stage2_set_pmd_huge", "stage2_set_pud_huge", "kvm_pgtable_stage2_map"),
        *("stage2_map_walker", "stage2_map_walk_leaf", "stage2_map_walk_table_pre"),
        *(
            "stage2_map_walk_table_post",
            "stage2_map_walker_try_leaf",
            "stage2_map_walker_phys_addr",
        ),
        *("stage2_map_set_prot_attr", "stage2_set_prot_attr", "stage2_leaf_mapping_allowed"),
        *("stage2_pte_needs_update", "stage2_pte_executable", "stage2_try_set_pte"),
        *("stage2_try_break_pte", "stage2_make_pte", "kvm_set_valid_leaf_pte"),
        *("kvm_init_valid_leaf_pte", "kvm_set_table_pte", "kvm_pgtable_walk_skip_cmo"),
        *("stage2_coalesce_walk_table_post", "handle_access_fault"),
        *("kvm_set_spte_hva", "kvm_set_spte_handler", "kvm_set_spte_gfn"),
        *("kvm_pgtable_stage2_relax_perms", "stage2_attr_walker", "stage2_update_leaf_attrs"),
        *("realm_vm_map_memory", "pkvm_mem_abort", "pkvm_pgtable_stage2_map"),
    ),
)
FLUSH: Final = Decision(
    "what a flush cleans",
    ("stage2_flush_vm",),
    (
        *("stage2_flush_memslot", "stage2_flush_ptes", "stage2_flush_pmds", "stage2_flush_puds"),
        *("stage2_flush_p4ds", "stage2_apply_range", "stage2_apply_range_resched"),
        *("stage2_range_addr_end", "__stage2_range_addr_end", "kvm_stage2_flush_range"),
        *("kvm_pgtable_stage2_flush", "stage2_flush_walker", "stage2_flush_dcache"),
        *("stage2_pte_cacheable", "stage2_has_fwb", "kvm_flush_dcache_pte", "kvm_flush_dcache_pmd"),
        *("kvm_flush_dcache_pud", "kvm_flush_dcache_to_poc", "__kvm_flush_dcache_pte"),
        *("__kvm_flush_dcache_pmd", "__kvm_flush_dcache_pud", "__kvm_flush_dcache_page"),
        *("kvm_pgtable_walk", "_kvm_pgtable_walk", "__kvm_pgtable_walk", "__kvm_pgtable_visit"),
        *("kvm_pgtable_visitor_cb", "kvm_pgtable_walk_continue", "kvm_nested_s2_flush"),
        *("pkvm_stage2_flush", "pkvm_pgtable_stage2_flush"),
        *("kvm_pte_valid", "kvm_pte_table", "kvm_pte_follow", "kvm_pte_to_phys"),
        *("kvm_pgtable_idx", "kvm_granule_size", "KVM_S2_MEMATTR"),
        *("KVM_PTE_LEAF_ATTR_LO_S2_MEMATTR", "KVM_PTE_VALID", "KVM_PTE_TYPE"),
        *("KVM_PTE_TYPE_BLOCK", "KVM_PTE_TYPE_PAGE", "KVM_PTE_TYPE_TABLE"),
    ),
)
UNMAP: Final = Decision(
    "what unmapping does",
    ("stage2_unmap_vm",),
    (
        *("stage2_unmap_memslot", "unmap_stage2_range", "__unmap_stage2_range"),
        *("unmap_stage2_ptes", "unmap_stage2_pmds", "unmap_stage2_puds", "unmap_stage2_p4ds"),
        *("unmap_range", "unmap_ptes", "unmap_pmds", "unmap_puds", "clear_pte_entry"),
        *("clear_pmd_entry", "clear_pud_entry", "clear_pgd_entry", "clear_stage2_pmd_entry"),
        *("clear_stage2_pud_entry", "clear_stage2_pgd_entry", "clear_stage2_p4d_entry"),
        *("kvm_stage2_unmap_range", "kvm_pgtable_stage2_unmap", "stage2_unmap_walker"),
        *("stage2_unmap_put_pte", "stage2_unmap_defer_tlb_flush", "stage2_put_pte"),
        *("stage2_clear_pte", "kvm_set_invalid_pte", "kvm_clear_pte", "kvm_set_pte", "kvm_set_pmd"),
        *("kvm_set_pud", "stage2_dissolve_pmd", "stage2_dissolve_pud", "kvm_nested_s2_unmap"),
        *("kvm_tlb_flush_vmid_ipa", "pkvm_pgtable_stage2_unmap"),
    ),
)
NOTIFIER: Final = Decision(
    "what happens to a page that the host takes away",
    ("kvm_unmap_gfn_range", "kvm_unmap_hva_range", "kvm_unmap_hva"),
    ("kvm_unmap_hva_handler", "handle_hva_to_gpa"),
)
MEMSLOTS: Final = Decision(
    "what a change of a memslot does",
    ("kvm_arch_flush_shadow_memslot", "kvm_arch_prepare_memory_region"),
    (
        *("kvm_arch_commit_memory_region", "kvm_arch_flush_shadow_all", "kvm_arch_free_memslot"),
        *("kvm_free_stage2_pgd", "kvm_uninit_stage2_mmu"),
    ),
)

DECISIONS: Final = (
    *(TRAPPED_WRITE, SET_WAY_OPERATION, DISPATCH, ARMING, INITIALISATION, FIRST_RUN, RESET),
    *(FAULT, FLUSH, UNMAP, NOTIFIER, MEMSLOTS),
)
"""In the order of the model's table."""

_ROW: Final = re.compile(r"\w+\[(\w+)\]")


def _names() -> Mapping[str, Decision]:
    names: dict[str, Decision] = {}
    for decision in DECISIONS:
        for name in (*decision.entries, *decision.walks):
            names.setdefault(name, decision)
    return names


_BY_NAME: Final = _names()
_BY_REGISTER: Final = {
    register: decision for decision in DECISIONS for register in decision.registers
}


def decision_of(name: str) -> Decision | None:
    """Return what a function, macro or row of a table, such as `sys_reg_descs[DC_ISW]`, decides."""
    row = _ROW.fullmatch(name)
    return _BY_NAME.get(name) if row is None else _BY_REGISTER.get(row[1])


def decides(name: str) -> bool:
    """Say whether a function is one that KVM's decisions are made in, run or not."""
    return name in POLICY_FUNCTIONS or decision_of(name) is not None
