"""Macros that kernel headers define, and that the reader cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.compiler.preprocess.macros import Macro, macro

EACH_VCPU: Final = "__each_vcpu"


SCOPED_GUARD: Final = "__scoped_guard"


_EMPTY: Final = (
    *("__init", "__maybe_unused", "__always_unused", "__always_inline", "inline", "__inline"),
    *("noinline", "__read_mostly", "__ro_after_init", "__must_check", "__user", "asmlinkage"),
    *("notrace", "__cold", "__hot", "__hyp_text", "__percpu", "__rcu", "__force", "__cpuinit"),
    *("__section", "__initdata", "__pure", "__noreturn", "__used", "__unused", "__refdata"),
    *("__always_used", "__cacheline_aligned", "____cacheline_aligned_in_smp", "__weak"),
)


BUILT_IN: Final[Mapping[str, Macro]] = {
    entry.name: entry
    for entry in (
        *(macro(name, None, "") for name in _EMPTY),
        *(
            macro(name, parameters, "")
            for name, parameters in (
                ("EXPORT_SYMBOL", ("x",)),
                ("EXPORT_SYMBOL_GPL", ("x",)),
                ("__acquires", ("x",)),
                ("__releases", ("x",)),
                ("__must_hold", ("x",)),
                ("__guarded_by", ("x",)),
            )
        ),
        macro("DEFINE_SPINLOCK", ("x",), "spinlock_t x"),
        macro("DEFINE_RAW_SPINLOCK", ("x",), "raw_spinlock_t x"),
        macro("DEFINE_MUTEX", ("x",), "struct mutex x"),
        macro("DEFINE_RWLOCK", ("x",), "rwlock_t x"),
        macro("DECLARE_RWSEM", ("x",), "struct rw_semaphore x"),
        macro("DECLARE_BITMAP", ("x", "n"), "unsigned long x[((n) + 63) / 64]"),
        macro("kvm_for_each_vcpu", ("i", "v", "k"), f"for ({EACH_VCPU}(i, v, k);;)"),
        macro("scoped_guard", ("...",), f"for ({SCOPED_GUARD}(__VA_ARGS__);;)"),
    )
}
"""What headers define that C's grammar, or this reader, has no other way to see."""
