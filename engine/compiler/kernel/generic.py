"""Generic macros and functions: accesses, hints, warnings, options, and what has no effect."""

from __future__ import annotations

from functools import partial
from typing import Final

from engine.compiler.headers import HINTS
from engine.compiler.lower.build import ONE, as_bool, sequence, truth
from engine.compiler.lower.calls import evaluated, ignored, unknown
from engine.compiler.lower.conversions import load, noted, scalar, store, target
from engine.compiler.lower.lowering import KernelCall, KernelRow, Lowering, Object, row
from engine.compiler.syntax import word
from engine.policy.c_types import INT, ULONG, VOID, ArrayType
from engine.policy.expressions import Constant, Expression, InnerCondition, Oops

KERNEL: Final[list[KernelRow[Expression]]] = []
OBJECTS: Final[list[KernelRow[Object]]] = []
kernel = partial(row, KERNEL)
kernel_object = partial(row, OBJECTS)


@kernel(*HINTS, arguments=1)
def likely(lowering: Lowering, call: KernelCall) -> Expression:
    """Whether the argument is true."""
    return truth(scalar(lowering, call.given[0]))


@kernel(
    *("READ_ONCE", "ACCESS_ONCE", "data_race", "__builtin_expect"),
    arguments=1,
    variadic=True,
    noted=True,
)
def read_once(lowering: Lowering, call: KernelCall) -> Expression:
    """The first argument's value."""
    return scalar(lowering, call.given[0])


@kernel_object("READ_ONCE", "ACCESS_ONCE", arguments=1)
def access_once(lowering: Lowering, call: KernelCall) -> Object:
    """The object itself: ACCESS_ONCE() was assigned to, before there was WRITE_ONCE()."""
    return lowering.object(call.given[0])


@kernel("WRITE_ONCE", "smp_store_mb", arguments=2)
def write_once(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a value in the object that the first argument names."""
    value = scalar(lowering, call.given[1])
    thing = lowering.object(call.given[0])
    return sequence(store(lowering, call.node, thing, value), Constant(0, VOID))


@kernel("smp_load_acquire", arguments=1)
def smp_load_acquire(lowering: Lowering, call: KernelCall) -> Expression:
    """What is at an address."""
    return load(lowering, call.node, target(lowering, call.given[0], None))


@kernel("smp_store_release", arguments=2)
def smp_store_release(lowering: Lowering, call: KernelCall) -> Expression:
    """Store a value at an address."""
    value = scalar(lowering, call.given[1])
    thing = target(lowering, call.given[0], None)
    return sequence(store(lowering, call.node, thing, value), Constant(0, VOID))


@kernel(
    *("WARN_ON", "WARN_ON_ONCE", "WARN_ON_SMP", "WARN", "WARN_ONCE", "WARN_RATELIMIT"),
    arguments=1,
    variadic=True,
    noted=True,
)
def warn_on(lowering: Lowering, call: KernelCall) -> Expression:
    """Whether the first argument is true; what is printed then is not modelled."""
    asked = scalar(lowering, call.given[0])
    if isinstance(asked, InnerCondition):  # a warning alone decides nothing
        asked = asked.operand
    told = as_bool(truth(asked))
    return sequence(*evaluated(lowering, call.given[1:]), told)


@kernel("BUG_ON", arguments=1)
def bug_on(lowering: Lowering, call: KernelCall) -> Expression:
    """Stop the kernel where the argument is true."""
    asked = call.given[0]
    return Oops(noted(lowering, asked, scalar(lowering, asked)), VOID)


@kernel("BUG", arguments=0, variadic=True)
def bug(lowering: Lowering, call: KernelCall) -> Expression:
    """Stop the kernel."""
    return Oops(ONE, VOID)


@kernel("has_vhe", "is_kernel_in_hyp_mode", arguments=0, variadic=True, noted=True)
def has_vhe(lowering: Lowering, call: KernelCall) -> Expression:
    """True: the host runs at EL2."""
    return ignored(lowering, call.given, Constant(1, INT))


@kernel(
    *("is_protected_kvm_enabled", "kvm_vm_is_protected"),
    *("vcpu_mode_is_32bit", "vcpu_el1_is_32bit", "vcpu_has_nv", "srcu_read_lock"),
    arguments=0,
    variadic=True,
    noted=True,
)
def is_protected_kvm_enabled(lowering: Lowering, call: KernelCall) -> Expression:
    """Zero: there is no pKVM, the guest is 64-bit and has no EL2, and SRCU has one index."""
    return ignored(lowering, call.given, Constant(0, INT))


@kernel("IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE", "IS_MODULE", arguments=1)
def is_enabled(lowering: Lowering, call: KernelCall) -> Expression:
    """Whether an option of the kernel's configuration is on; none is a module."""
    config = word(call.given[0])
    if not config.startswith("CONFIG_"):
        raise lowering.refusal(call.node, f"`{lowering.short(call.node)}`", "a CONFIG_ name")
    on = 0 if call.name == "IS_MODULE" else lowering.compilation.config(config)
    return Constant(on, INT)


@kernel("ARRAY_SIZE", arguments=1)
def array_size(lowering: Lowering, call: KernelCall) -> Expression:
    """How many elements an array has."""
    array = lowering.object(call.given[0]).type
    if not isinstance(array, ArrayType):
        raise unknown(lowering, call.node, call.name)
    return Constant(array.length, ULONG)


@kernel(
    *(r"trace_\w+", r"pr_\w+", r"lockdep_\w+", r"kcsan_\w+", r"smp_mb__(?:before|after)\w*"),
    *(r"kvm_(?:err|info|debug|pr_unimpl)", r"vcpu_(?:unimpl|debug|err)"),
    *(r"printk(?:_once|_ratelimited)?", "dump_stack", "might_lock", "might_sleep"),
    *(r"(?:smp_|dma_)?[wr]?mb", "smp_cond_mb", "barrier", "dsb", "dmb", "isb"),
    *("cpu_relax", "cond_resched", "schedule", "yield", "put_cpu", r"vcpu_(?:load|put)"),
    *(r"preempt_(?:disable|enable)(?:_no_resched)?", r"migrate_(?:disable|enable)"),
    *(r"local_irq_(?:disable|enable|save|restore)", r"cpus_read_(?:lock|unlock)"),
    *(r"rcu_read_(?:lock|unlock)", "srcu_read_unlock", r"instrumentation_(?:begin|end)"),
    *("static_assert", "BUILD_BUG_ON", "prefetch", "prefetchw"),
    *("__acquire", "__release", "__acquired"),
    arguments=0,
    variadic=True,
)
def no_effect(lowering: Lowering, call: KernelCall) -> Expression:
    """Change nothing that the model has; the arguments are evaluated."""
    return ignored(lowering, call.given, Constant(0, VOID))
