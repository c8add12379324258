"""All that the model knows of the kernel by name, and what of it no patch can redefine."""

from __future__ import annotations

from typing import Final

from engine.compiler.headers import CONSTANTS, FWB_CAPABILITY, MACHINES_OWN, PRIMITIVES
from engine.compiler.kernel import accessors, arithmetic, atomics, bits, exchanges, generic, locks
from engine.compiler.lower.lowering import KernelTable

KERNEL: Final = KernelTable(
    tuple(
        row
        for room in (generic, arithmetic, atomics, exchanges, bits, locks, accessors)
        for row in room.KERNEL
    )
)
"""What calls give."""
KERNEL_OBJECTS: Final = KernelTable((*generic.OBJECTS, *accessors.OBJECTS))
"""What calls name, or point at."""

MODELS_OWN: Final = MACHINES_OWN | KERNEL.own | KERNEL_OBJECTS.own
"""Functions that are the model's even where the source defines them."""

_NOTED: Final = KERNEL.noted | KERNEL_OBJECTS.noted
_OWN_FAMILIES: Final = (
    *("atomic_", "refcount_", "cmpxchg", "xchg", "test_and_", "SCTLR_EL", "HCR_T"),
    *("spin_lock", "spin_unlock", "mutex_lock", "mutex_unlock"),
)


def is_models_own(name: str) -> bool:
    """Say whether the model has a meaning of its own for a name of the kernel's headers."""
    return (
        any(name in table for table in (MODELS_OWN, _NOTED, PRIMITIVES, CONSTANTS))
        or name == FWB_CAPABILITY
        or name.startswith(_OWN_FAMILIES)
    )
