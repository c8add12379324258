"""What kernel headers define and the model knows: constants, registers, plain functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.arm.implementors import IMPLEMENTORS
from engine.arm.registers import Hcr, Sctlr, SystemRegister
from engine.policy.c_types import INT, UINT, ULLONG, ULONG, AtomicType, IntegerType, LockKind
from engine.policy.c_types import LLONG as S64
from engine.policy.c_types import LONG as ATOMIC_LONG

REGISTERS: Final = tuple(SystemRegister)
"""Registers by their number in C, less one."""

KERNEL_IMPLEMENTORS: Final[Mapping[str, int]] = {
    known.macro: known.code for known in IMPLEMENTORS if known.macro is not None
}
"""MIDR_EL1.Implementer codes, by the names that the kernel has for them."""


def _constants() -> dict[str, tuple[int, IntegerType]]:
    table: dict[str, tuple[int, IntegerType]] = {
        f"HCR_{hcr_bit.name}": (hcr_bit.mask, ULONG) for hcr_bit in Hcr.ALL
    }
    for sctlr_bit in (Sctlr.M, Sctlr.C, Sctlr.I):
        for prefix in ("SCTLR_ELx", "SCTLR_EL1", "SCTLR_EL1x"):
            table[f"{prefix}_{sctlr_bit.name}"] = (sctlr_bit.mask, ULONG)
    for number, register in enumerate(REGISTERS, 1):
        table[register.value.upper()] = (number, INT)
    table |= {name: (value, INT) for name, value in KERNEL_IMPLEMENTORS.items()}
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

MACHINES_OWN: Final = frozenset(
    {
        *("stage2_flush_vm", "stage2_flush_memslot", "stage2_flush_ptes", "stage2_flush_pmds"),
        *("stage2_flush_puds", "stage2_flush_p4ds", "stage2_apply_range", "kvm_stage2_flush"),
        *("kvm_pgtable_stage2_flush", "kvm_flush_dcache_to_poc", "unmap_stage2_range"),
    }
)
"""Functions whose work the machine does: walks over stage 2, and what they call."""

HINTS: Final = frozenset({"likely", "unlikely"})
"""Macros whose value is whether their argument is true."""

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

PRIMITIVES: Final = frozenset(
    {
        *("dcache_clean_inval_poc", "dcache_clean_poc", "dcache_inval_poc", "flush_dcache_page"),
        *("__flush_dcache_area", "__clean_inval_dcache_area", "__clean_dcache_area_poc"),
        *("__inval_dcache_area", "__pi_dcache_clean_inval_poc", "kvm_flush_dcache_to_poc"),
        *("__dma_flush_area", "__dma_clean_area", "__dma_inv_area", "caches_clean_inval_pou"),
        *("handle_exit", "handle_trap_exceptions", "kvm_get_exit_handler", "arm_exit_handlers"),
        *("kvm_arch_vcpu_ioctl_run", "__activate_traps", "__activate_traps_hcr", "activate_traps"),
        *("__kvm_vcpu_run", "__kvm_vcpu_run_vhe", "__kvm_vcpu_run_nvhe", "kvm_vcpu_run_vhe"),
        *("kvm_arm_vcpu_enter_exit", "kvm_vcpu_enter_exit", "__guest_enter", "__guest_exit"),
        *("fixup_guest_exit", "__fixup_guest_exit", "kvm_vcpu_exit_request"),
    }
)
"""What the machine does of itself: maintenance by range, and the way from a trap to its handler."""
