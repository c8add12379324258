"""The compiler: from the text of C sources to a policy."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Final

import attrs
from tree_sitter import Node

from engine.compiler.compilation import Compilation, Member
from engine.compiler.headers import KERNEL_IMPLEMENTORS
from engine.compiler.implementor import ask_value
from engine.compiler.kernel.known import KERNEL, KERNEL_OBJECTS, MODELS_OWN
from engine.compiler.lower import (
    blocks,
    calls,
    loops,
    lvalues,
    members,
    objects,
    statements,
    switch,
    values,
)
from engine.compiler.lower.flow import Flow
from engine.compiler.lower.lowering import Grammar, Lowering
from engine.compiler.preprocess.preprocessor import preprocess
from engine.compiler.reachability import flush_reachability
from engine.compiler.signatures import signature_of
from engine.compiler.syntax import parse
from engine.compiler.unit import UnitNames
from engine.policy.c_types import (
    BOOL,
    EXIT_PARAMETERS,
    REGISTER_DESCRIPTION,
    VCPU,
    VOID,
    CType,
    IntegerType,
    PointerType,
    type_name,
)
from engine.policy.expressions import Constant
from engine.policy.policy import AsksImplementor, Function, Options, Policy
from engine.policy.source import Place, SourceFile
from engine.refusal import RefusedError

TOGGLE: Final = "kvm_toggle_cache"
SET_WAY: Final = "kvm_set_way_flush"
SCTLR_HANDLER: Final = "access_sctlr"
HANDLER: Final = "access_vm_reg"

GRAMMAR: Final = Grammar(
    values={**values.VALUES, **calls.VALUES},
    lvalues={**objects.LVALUES, **members.LVALUES, **lvalues.LVALUES, **calls.LVALUES},
    statements={
        **statements.STATEMENTS,
        **blocks.STATEMENTS,
        **loops.STATEMENTS,
        **switch.STATEMENTS,
    },
    kernel=KERNEL,
    kernel_objects=KERNEL_OBJECTS,
    models_own=MODELS_OWN,
)

MAX_PASSES: Final = 8
"""Rounds in which the types of invented members must settle."""

_VCPU: Final = PointerType(VCPU)
_EXIT: Final = (_VCPU, PointerType(EXIT_PARAMETERS), PointerType(REGISTER_DESCRIPTION))

_SHAPES: Final[dict[str, tuple[CType, tuple[CType, ...]]]] = {
    TOGGLE: (VOID, (_VCPU, BOOL)),
    SET_WAY: (VOID, (_VCPU,)),
    SCTLR_HANDLER: (BOOL, _EXIT),
    HANDLER: (BOOL, _EXIT),
}
"""What KVM calls, and how."""


def compile_policy(
    source: SourceFile,
    *fallbacks: SourceFile,
    name: str,
    beside: Sequence[SourceFile] = (),
    options: Options = Options(),  # noqa: B008 - frozen, so that sharing it is harmless
) -> Policy:
    """Read a policy from C text; functions it lacks are taken from the fallbacks.

    `beside` are other files of the same policy, each a translation unit of its own.

    Raises:
        RefusedError: something that is reachable cannot be understood, or nothing is a policy.
    """
    own = 1 + len(beside)
    sources = (source, *beside, *fallbacks)
    units = tuple(
        UnitNames.of(number, parse(preprocess(text, dict(options.configs))))
        for number, text in enumerate(sources)
    )
    _require_entry(units[:own])
    settled = _settle(options, units, own)
    return _compile(Compilation(options, units, settled, _evaluate, own=own), sources, name)


def _evaluate(compilation: Compilation, names: UnitNames, node: Node) -> Constant | None:
    """Return the value of a constant expression outside of functions."""
    return Lowering(compilation, GRAMMAR, names, Flow(names.unit.place(node))).constant(node)


def _settle(options: Options, units: tuple[UnitNames, ...], own: int) -> dict[Member, CType]:
    """Return the types of invented members, inferred in passes until a pass adds nothing."""
    settled: dict[Member, CType] = {}
    for _ in range(MAX_PASSES):
        draft = Compilation(options, units, settled, _evaluate, own=own, draft=True)
        _entries(draft)
        _lower_all(draft)
        if draft.inferred == settled:
            return settled
        settled = draft.inferred
    source = units[0].unit.code.source
    raise source.place(0, 0).refusal(
        "members of arch whose types depend on each other",
        "a struct kvm_arch or kvm_vcpu_arch that declares them",
    )


def _require_entry(own: Sequence[UnitNames]) -> None:
    source = own[0].unit.code.source
    if not any(entry in names.unit.functions for names in own for entry in _SHAPES):
        for failure in (failure for names in own for failure in _hiding(names)):
            raise failure
        raise source.place(0, 0).refusal(
            "no function that KVM calls when caches are toggled",
            f"a definition of {TOGGLE}(), {SET_WAY}(), {HANDLER}() or {SCTLR_HANDLER}()",
        )


def _hiding(names: UnitNames) -> tuple[RefusedError, ...]:
    """Return what went wrong in a file, where that may be why it has none of the functions."""
    code = names.unit.code
    return code.failures if any(entry in code.source.text for entry in _SHAPES) else ()


@attrs.frozen
class _Entries:
    """The functions that KVM calls, by index."""

    toggle: int | None
    set_way: int | None
    others: int | None
    sctlr: int | None


def _entries(compilation: Compilation) -> _Entries:
    own = {name for names in compilation.own_units for name in names.unit.functions}
    handled = HANDLER in own or SCTLR_HANDLER in own
    toggle = _entry(compilation, TOGGLE, required=not handled)
    arms = SET_WAY in own or not _precedes_set_way_flush(compilation, own)
    set_way = _entry(compilation, SET_WAY, required=False) if arms else None
    others = _entry(compilation, HANDLER, required=False) if HANDLER in own else None
    sctlr = _entry(compilation, SCTLR_HANDLER, required=False) if SCTLR_HANDLER in own else others
    return _Entries(toggle, set_way, others, sctlr)


def _precedes_set_way_flush(compilation: Compilation, own: Container[str]) -> bool:
    """Say whether the source is from before v3.19, when nothing stood in for set/way operations.

    `access_sctlr()` handled SCTLR_EL1 then, without `kvm_toggle_cache()`, and `access_dcsw()`
    executed the operation on the CPU it trapped on.
    """
    words = re.compile(rb"\b(?:%s|%s)\b" % (TOGGLE.encode(), SET_WAY.encode()))
    return SCTLR_HANDLER in own and not any(
        words.search(node.text or b"")
        for names in compilation.own_units
        for node in names.unit.functions.values()
    )


def _lower_all(compilation: Compilation) -> tuple[Function, ...]:
    """Lower the entries and whatever they call; nothing comes of a draft but inferred types."""
    functions: list[Function] = []
    done = 0
    while done < len(compilation.functions):
        function = statements.lower(compilation, GRAMMAR, compilation.functions[done])
        done += 1
        if function is not None:
            functions.append(function)
    return tuple(functions)


def _compile(compilation: Compilation, sources: tuple[SourceFile, ...], name: str) -> Policy:
    entries = _entries(compilation)
    functions = _lower_all(compilation)
    reach = flush_reachability(functions)
    _ask_all_implementors(compilation)
    return Policy(
        name=name,
        sources=sources,
        options=compilation.options,
        functions=tuple(
            attrs.evolve(function, reaches_flush=row)
            for function, row in zip(functions, reach, strict=True)
        ),
        toggle=entries.toggle,
        set_way=entries.set_way,
        trap_handler=entries.sctlr,
        other_trap_handler=entries.others,
        statics=tuple(compilation.statics),
        fields=tuple(compilation.fields),
        questions=tuple(compilation.questions),
        assumed=tuple(compilation.assumed),
    )


def _ask_all_implementors(compilation: Compilation) -> None:
    """Keep the implementor's questions only where the policy asks for it at all.

    Where what it reads goes elsewhere before it is compared, every constant that anything is
    compared with may be meant, and every known value is asked about.
    """
    if not compilation.implementor_asked:
        for question in list(compilation.questions):
            if isinstance(question, AsksImplementor):
                compilation.questions.remove(question)
    elif compilation.implementor_asked > compilation.implementor_compared:
        for value in (*compilation.compared, *KERNEL_IMPLEMENTORS.values()):
            if 1 < value <= 0xFF:
                ask_value(compilation, value)


def _entry(compilation: Compilation, name: str, *, required: bool) -> int | None:
    found = compilation.function(compilation.units[0], name)
    if found is None:
        if required:
            source = compilation.units[0].unit.code.source
            raise source.place(0, 0).refusal(f"no {name}()", f"a definition of {name}()")
        return None
    names, node = found
    signature = signature_of(compilation, names, node, name)
    place = names.unit.place(node)
    _check_shape(name, signature.result, tuple(c for _, c in signature.parameters), place)
    return compilation.index_of(signature, place)


def _check_shape(name: str, result: CType, given: tuple[CType, ...], place: Place) -> None:
    wanted_result, wanted = _SHAPES[name]
    alike = len(given) == len(wanted) and all(
        one == other or (isinstance(one, IntegerType) and isinstance(other, IntegerType))
        for one, other in zip(given, wanted, strict=True)
    )
    if not alike or (wanted_result == VOID) != (result == VOID):
        words = ", ".join(type_name(ctype) for ctype in wanted)
        said = ", ".join(type_name(ctype) for ctype in given)
        raise place.refusal(
            f"{type_name(result)} {name}({said})", f"{type_name(wanted_result)} {name}({words})"
        )
