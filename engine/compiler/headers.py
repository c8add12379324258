"""What kernel headers define and the model knows: constants, registers, plain functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from engine.arm.registers import Hcr, Sctlr, SystemRegister
from engine.policy.c_types import INT, UINT, ULLONG, ULONG, AtomicType, IntegerType, LockKind
from engine.policy.c_types import LLONG as S64
from engine.policy.c_types import LONG as ATOMIC_LONG

REGISTERS: Final = tuple(SystemRegister)
"""Registers by their number in C, less one."""

IMPLEMENTORS: Final[Mapping[str, int]] = {
    "ARM_CPU_IMP_ARM": 0x41,
    "ARM_CPU_IMP_BRCM": 0x42,
    "ARM_CPU_IMP_CAVIUM": 0x43,
    "ARM_CPU_IMP_FUJITSU": 0x46,
    "ARM_CPU_IMP_HISI": 0x48,
    "ARM_CPU_IMP_NVIDIA": 0x4E,
    "ARM_CPU_IMP_APM": 0x50,
    "ARM_CPU_IMP_QCOM": 0x51,
    "ARM_CPU_IMP_APPLE": 0x61,
    "ARM_CPU_IMP_MICROSOFT": 0x6D,
    "ARM_CPU_IMP_PHYTIUM": 0x70,
    "ARM_CPU_IMP_AMPERE": 0xC0,
}
"""MIDR_EL1.Implementer codes (Arm ARM D24.2, MIDR_EL1)."""


def implementor_name(value: int) -> str:
    """Return the name of an implementor's code, or the code where it has none here."""
    return next((name for name, code in IMPLEMENTORS.items() if code == value), f"{value:#x}")


def _constants() -> dict[str, tuple[int, IntegerType]]:
    table: dict[str, tuple[int, IntegerType]] = {
        f"HCR_{hcr_bit.name}": (hcr_bit.mask, ULONG) for hcr_bit in Hcr.ALL
    }
    for sctlr_bit in (Sctlr.M, Sctlr.C, Sctlr.I):
        for prefix in ("SCTLR_ELx", "SCTLR_EL1", "SCTLR_EL1x"):
            table[f"{prefix}_{sctlr_bit.name}"] = (sctlr_bit.mask, ULONG)
    for number, register in enumerate(REGISTERS, 1):
        table[register.value.upper()] = (number, INT)
    table |= {name: (value, INT) for name, value in IMPLEMENTORS.items()}
    table |= {
        "U8_MAX": (0xFF, INT),
        "U16_MAX": (0xFFFF, INT),
        "U32_MAX": (0xFFFF_FFFF, UINT),
        "U64_MAX": ((1 << 64) - 1, ULLONG),
        "UINT_MAX": (0xFFFF_FFFF, UINT),
        "INT_MAX": (0x7FFF_FFFF, INT),
        "INT_MIN": (-0x8000_0000, INT),
        "ULONG_MAX": ((1 << 64) - 1, ULONG),
        "LONG_MAX": ((1 << 63) - 1, ATOMIC_LONG),
        "BITS_PER_LONG": (64, INT),
        "BITS_PER_BYTE": (8, INT),
        "KVM_MAX_VCPUS": (512, INT),
        "GFP_KERNEL": (0xCC0, UINT),
        "PAGE_SIZE": (4096, ULONG),
        "PAGE_SHIFT": (12, INT),
        "EINVAL": (22, INT),
        "EBUSY": (16, INT),
        "EAGAIN": (11, INT),
        "ENOMEM": (12, INT),
    }
    return table


CONSTANTS: Final[Mapping[str, tuple[int, IntegerType]]] = _constants()

ATOMIC_TYPES: Final[Mapping[str, AtomicType]] = {
    "atomic_t": AtomicType("atomic_t", INT),
    "atomic64_t": AtomicType("atomic64_t", S64),
    "atomic_long_t": AtomicType("atomic_long_t", ATOMIC_LONG),
    "refcount_t": AtomicType("refcount_t", INT),
}

LOCK_TYPES: Final[Mapping[str, LockKind]] = {
    "spinlock_t": LockKind.SPIN,
    "raw_spinlock_t": LockKind.RAW_SPIN,
    "rwlock_t": LockKind.RWLOCK,
    "mutex": LockKind.MUTEX,
    "rw_semaphore": LockKind.RWSEM,
}

ENGINE_OWN: Final = frozenset(
    {
        *("stage2_flush_vm", "stage2_flush_memslot", "stage2_flush_ptes", "stage2_flush_pmds"),
        *("stage2_flush_puds", "stage2_flush_p4ds", "stage2_apply_range", "kvm_stage2_flush"),
        *("kvm_pgtable_stage2_flush", "kvm_flush_dcache_to_poc", "unmap_stage2_range"),
        *("vcpu_read_sys_reg", "vcpu_write_sys_reg", "__vcpu_sys_reg", "vcpu_sys_reg"),
        *("vcpu_hcr", "vcpu_get_hcr", "vcpu_set_hcr", "vcpu_pc", "kvm_get_vcpu"),
        *("get_access_mask", "vcpu_get_reg", "vcpu_reg", "read_cpuid_implementor"),
    }
)
"""Functions that are the model's even where the source defines them."""

NO_EFFECT: Final = re.compile(
    r"trace_\w+|pr_\w+|lockdep_\w+|kvm_(?:err|info|debug|pr_unimpl)|vcpu_(?:unimpl|debug|err)"
    r"|printk(?:_once|_ratelimited)?|dump_stack|smp_w?r?mb|w?r?mb|barrier|dma_w?r?mb"
    r"|smp_mb__(?:before|after)\w*|dsb|dmb|isb|cpu_relax|cond_resched|schedule|might_sleep"
    r"|preempt_(?:disable|enable)(?:_no_resched)?|local_irq_(?:disable|enable|save|restore)"
    r"|rcu_read_(?:lock|unlock)|srcu_read_unlock|put_cpu|migrate_(?:disable|enable)"
    r"|might_lock|static_assert|prefetchw?|yield|BUILD_BUG_ON|kcsan_\w+|instrumentation_(?:begin|end)"
    r"|__(?:acquire|release|acquired)|smp_cond_mb|cpus_read_(?:lock|unlock)|vcpu_(?:load|put)"
)
"""Names of functions that change nothing the model knows; their arguments are evaluated."""

HINTS: Final = frozenset({"likely", "unlikely"})
"""Macros whose value is whether their argument is true."""

IDENTITY: Final = frozenset({"READ_ONCE", "ACCESS_ONCE", "data_race", "__builtin_expect"})
"""Functions and macros whose value is their first argument's."""

WARNINGS: Final = frozenset(
    {"WARN_ON", "WARN_ON_ONCE", "WARN", "WARN_ONCE", "WARN_ON_SMP", "WARN_RATELIMIT"}
)
"""Value: whether the first argument is true."""

NUMBERS: Final[Mapping[str, int]] = {
    "has_vhe": 1,
    "is_kernel_in_hyp_mode": 1,
    "is_protected_kvm_enabled": 0,
    "srcu_read_lock": 0,
    "vcpu_mode_is_32bit": 0,
    "vcpu_el1_is_32bit": 0,
    "kvm_vm_is_protected": 0,
    "vcpu_has_nv": 0,
}
"""Functions that are constant on the machine modelled: a VHE host and 64-bit guests."""

CAPABILITY_TESTS: Final = frozenset(
    {
        *("cpus_have_final_cap", "cpus_have_const_cap", "cpus_have_cap"),
        *("alternative_has_cap_likely", "alternative_has_cap_unlikely"),
        *("this_cpu_has_cap", "cpus_have_final_boot_cap"),
    }
)
FWB_CAPABILITY: Final = "ARM64_HAS_STAGE2_FWB"

UNMODELLED_MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "kvm_vcpu_arch": frozenset(
        {
            *("ctxt", "iflags", "cflags", "sflags", "mdcr_el2", "cptr_el2", "fault", "timer_cpu"),
            *("vgic_cpu", "pmu", "power_off", "mp_state", "pause", "features", "target"),
            *("host_cpu_context", "workaround_flags", "vsesr_el2", "steal", "has_run_once"),
            *("sysregs_loaded_on_cpu", "mmu_page_cache", "hw_mmu", "debug_ptr", "fgt", "hcrx_el2"),
            *("regs", "cp15", "midr", "irq_lines", "mmio_decode", "external_debug_state"),
        }
    ),
    "kvm_arch": frozenset(
        {
            *("mmu", "vgic", "timer", "timer_data", "vtcr", "pgd", "pgd_phys", "vttbr", "vmid"),
            *("vmid_gen", "last_vcpu_ran", "max_vcpus", "psci_version", "pmuver", "pmu_filter"),
            *("smccc_feat", "config_lock", "vcpu_features", "ran_once", "mte_enabled", "pkvm"),
            *("return_nisv_io_abort_to_user", "id_regs", "sysreg_masks", "nested_mmus"),
        }
    ),
}
"""Members of KVM's structs that the model has no value for, so that they are refused."""

KVM_LOCKS: Final[Mapping[str, LockKind]] = {
    "lock": LockKind.MUTEX,
    "slots_lock": LockKind.MUTEX,
    "irq_lock": LockKind.MUTEX,
    "slots_arch_lock": LockKind.MUTEX,
}
"""Locks of struct kvm that nothing else in the model takes."""

SUPPORTED: Final = (
    "a function the source defines, one of KVM's that the model knows, "
    "or one named with --assume-no-effect"
)

PRIMITIVES: Final = frozenset(
    {
        *("dcache_clean_inval_poc", "dcache_clean_poc", "dcache_inval_poc", "flush_dcache_page"),
        *("__flush_dcache_area", "__clean_inval_dcache_area", "__clean_dcache_area_poc"),
        *("__inval_dcache_area", "__pi_dcache_clean_inval_poc", "kvm_flush_dcache_to_poc"),
        *("__dma_flush_area", "__dma_clean_area", "__dma_inv_area", "caches_clean_inval_pou"),
        *("handle_exit", "handle_trap_exceptions", "kvm_get_exit_handler", "arm_exit_handlers"),
        *("kvm_arch_vcpu_ioctl_run", "__activate_traps", "__activate_traps_hcr", "activate_traps"),
    }
)
"""What the machine does of itself: maintenance by range, and the way from a trap to its handler."""


_OWN_FAMILIES: Final = (
    *("atomic_", "refcount_", "cmpxchg", "xchg", "test_and_", "SCTLR_EL", "HCR_T"),
    *("spin_lock", "spin_unlock", "mutex_lock", "mutex_unlock"),
)


def is_models_own(name: str) -> bool:
    """Say whether the model has a meaning of its own for a name of the kernel's headers."""
    tables = (ENGINE_OWN, PRIMITIVES, CONSTANTS, NUMBERS, IDENTITY, WARNINGS, CAPABILITY_TESTS)
    return (
        any(name in table for table in tables)
        or name in (FWB_CAPABILITY, "vcpu_has_cache_enabled")
        or name.startswith(_OWN_FAMILIES)
    )
