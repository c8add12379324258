"""What a function that no entry point of the model's reaches may do to what the machine decides.

KVM comes to far more functions than the model enters: what saves and loads a vCPU, what runs it,
what an ioctl calls. Such a function says by its tokens what it may change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from scenarios.coverage.definitions import Definition
from scenarios.coverage.writes import arguments_of, joined, written

_HCR: Final = frozenset(("HCR", "HCR_TVM", "TVM", "hcr_el2", "vcpu_hcr", "vcpu_set_hcr"))
_OF_HCR: Final = re.compile(r"(?:\w*vcpu|kvm|arm64|guest)\w*_hcr(?:_\w+)?", re.ASCII)
"""A helper of somebody's own that is about a vCPU's HCR_EL2."""
_REGISTERS: Final = {
    "HCR_EL2": ("HCR_EL2", "SYS_HCR_EL2"),
    "SCTLR_EL1": ("SCTLR_EL1", "SYS_SCTLR_EL1", "SCTLR_EL12", "SYS_SCTLR_EL12", "c1_SCTLR"),
}
_WRITE_REGISTER: Final = frozenset(
    (
        *("write_sysreg", "write_sysreg_s", "write_sysreg_el1", "write_sysreg_el2", "write_gicreg"),
        *("sysreg_clear_set", "sysreg_clear_set_s", "sysreg_clear_set_el1", "vcpu_write_sys_reg"),
        *("__vcpu_sys_reg", "vcpu_sys_reg", "ctxt_sys_reg", "__ctxt_sys_reg", "vcpu_cp15"),
        *("__vcpu_write_sys_reg_to_cpu", "__vcpu_assign_sys_reg", "__vcpu_rmw_sys_reg"),
        *("sys_regs", "cp15"),
    )
)
"""What writes a register by its name, or gives its place away."""
_OVERWRITES: Final = frozenset(
    (
        *("memset", "memcpy", "memmove", "memzero_explicit", "__builtin_memset"),
        *("__builtin_memcpy", "copy_from_user", "__copy_from_user", "swap"),
    )
)
_WHOLE: Final = frozenset(("arch", "ctxt", "sys_regs", "vcpu", "kvm"))
_TAGS: Final = frozenset(("kvm", "kvm_vcpu", "kvm_arch", "kvm_vcpu_arch", "kvm_cpu_context"))
"""Structs of a vCPU and a VM that hold what decides."""
_INVALIDATES: Final = frozenset(("dcache_inval_poc", "__inval_dcache_area", "__dma_inv_area"))
_ASSEMBLY: Final = frozenset(("asm", "__asm__", "__asm"))
_INSTRUCTION: Final = re.compile(
    r"\bmsr\s+(?:hcr_el2|sctlr_el1|s3_4_c1_c1_0|s3_0_c1_c0_0)\b|\bdc\s+[ic]?[vs]", re.IGNORECASE
)
_IDENTITY: Final = frozenset(("vcpu_id", "vcpu_idx"))


def side_effect(definition: Definition, called: Collection[str] = ()) -> str | None:
    """Return what a definition does that the machine would have to know of, None for nothing.

    `called` are functions of the model's that it enters for its own reasons alone.
    """
    return next(_side_effects(definition, called), None)


def _side_effects(definition: Definition, called: Collection[str]) -> Iterator[str]:
    if definition.mentions & _HCR or any(map(_OF_HCR.fullmatch, definition.mentions)):
        yield "uses HCR_EL2"
    if definition.kind != "function":
        return
    if definition.mentions & _WRITE_REGISTER:
        for register, names in _REGISTERS.items():
            if definition.mentions & {*names}:
                yield f"may write {register}"
    if definition.mentions & _ASSEMBLY and any(map(_INSTRUCTION.search, definition.tokens)):
        yield "does by assembly what the machine has to know of"
    if definition.mentions & _INVALIDATES:
        yield "invalidates lines of the caches"
    for overwritten in _overwritten(joined(definition.tokens)):
        yield f"may overwrite all of `{overwritten}`"
    for one in written(definition):
        if one.is_member and one.text in _IDENTITY:
            yield f"may write `{one.text}`"
    for name in sorted(definition.mentions & {*called} - {definition.name}):
        yield f"calls {name}()"


def _overwritten(tokens: Sequence[str]) -> Iterator[str]:
    """Yield the structs that are written as a whole: assigned, or given to what copies."""
    pointers = {"vcpu", "kvm", *_pointers(tokens)}
    for at, token in enumerate(tokens):
        before, behind = tokens[max(0, at - 2) : at], tokens[at + 1 : at + 2]
        if token in _OVERWRITES and behind == ("(",):
            first = [word for word in next(arguments_of(tokens, at + 1)) if word != ")"]
            if first and first[-1] in _WHOLE | pointers:
                yield first[-1]
        elif behind == ("=",) and (
            (token == "arch" and before[:1] and before[0] in pointers)
            or (token == "ctxt" and before == ("arch", "."))
            or (token in pointers and before[1:] == ("*",) and before[0] in (";", "{", "}"))
        ):
            yield token


def _pointers(tokens: Sequence[str]) -> Iterator[str]:
    """Yield the names that are declared as pointers to a vCPU, a VM or what they hold."""
    for at, token in enumerate(tokens):
        if token in _TAGS and tokens[at - 1] == "struct" and tokens[at + 1 : at + 2] == ("*",):
            yield from tokens[at + 2 : at + 3]
