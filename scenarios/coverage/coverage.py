"""What of a candidate a verdict speaks of: what was run, what is as the model has it, what is not.

A candidate's functions are sorted by what becomes of them. Those that KVM's entry points for the
caches reach are compiled and *run*. Those that decide something else of MODEL.md's table, or are
reached from there, the model stands for: they are taken *as known* where they equal a real
kernel's whose meaning it has, and are *not judged* otherwise. Of a patch only what it changes is
judged, and what no entry point reaches has no effect; but beside code that is run, such a change
may set what that code goes by, and is not judged either.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import attrs

from engine.arm.registers import SystemRegister
from engine.compiler.kernel.known import is_models_own
from engine.policy.coverage import Coverage, JudgedDefinition, NotJudged
from engine.policy.policy import Policy
from scenarios.coverage.bearing import Bearing
from scenarios.coverage.circumstances import Circumstances
from scenarios.coverage.definitions import Definition
from scenarios.coverage.fingerprints import is_known, known_as
from scenarios.coverage.linkage import is_replaced, is_weak, maybe_declared, renames
from scenarios.coverage.side_effects import side_effect
from scenarios.coverage.survey import Change, Survey, Surveyed, named
from scenarios.kernel.decisions import POLICY_FUNCTIONS, SET_WAY_OPERATION, decision_of
from scenarios.sources.draft import Missing, UnreadHunk

_NOT_JUDGED: Final = "not judged"
_ROW: Final = re.compile(r"\w+\[(\w+)\]")
_MODELLED: Final = frozenset(register.name.removesuffix("_EL1") for register in SystemRegister)
"""The registers that a guest of the model can write."""
_CODE: Final = (".c", ".h", ".S")


def coverage_of(survey: Survey, policy: Policy | None) -> Coverage:
    """Return what a verdict on a candidate's policy speaks of; None: nothing of it is run."""
    return _Coverage(survey, policy).result()


class _Coverage:
    """The coverage of one candidate as it is worked out."""

    def __init__(self, survey: Survey, policy: Policy | None) -> None:
        self._survey = survey
        self._policy = policy
        self._source = survey.candidate.source
        self._bearing = Bearing.of(survey, policy)
        now = [definition for each in survey.files for definition in each.after]
        self._acting = _acting(now, {name for _, name in self._bearing.run})
        self._judged: list[JudgedDefinition] = []
        self._not_judged: list[NotJudged] = []
        self._unreached: list[NotJudged] = []

    def result(self) -> Coverage:
        changed = list(self._survey.changes())
        for change in changed:
            self._take(change)
        for hunk in self._survey.candidate.unread:
            self._take_unread(hunk)
        for missing in self._survey.candidate.missing:
            self._take_missing(missing)
        around = Circumstances(self._survey, self._policy, self._bearing)
        self._not_judged.extend(around.not_judged())
        self._judged.extend(self._run_unchanged(changed))
        mixed = any(each.changed and not each.era for each in self._judged)
        unreached = self._unreached if mixed else []
        without = [] if mixed else [each.what for each in self._unreached]
        return Coverage(
            judged=tuple(dict.fromkeys(self._judged)),
            built_in=_built_in(self._survey, self._policy),
            not_judged=tuple(dict.fromkeys((*self._not_judged, *unreached))),
            without_effect=tuple(dict.fromkeys(without)),
        )

    def _run_unchanged(self, changed: Sequence[Change]) -> Iterator[JudgedDefinition]:
        """Yield the functions of a patch's base that are run as they are."""
        touched = {(change.where.file.path, change.definition.name) for change in changed}
        for each in self._survey.files:
            for definition in each.after:
                key = (each.file.path, definition.name)
                if (
                    definition.kind == "function"
                    and key in self._bearing.run
                    and key not in touched
                ):
                    yield attrs.evolve(self._judgement(each, definition), changed=False)

    def _take(self, change: Change) -> None:
        where, definition = change.where, change.definition
        name = definition.name
        if definition.unread is not None:
            self._refuse(change, f"cannot be read: found {definition.unread}")
            return
        if renames(definition):
            self._refuse(change, "may give names another meaning, and is not read")
            return
        if (where.file.path, name) in self._bearing.run and not change.removed:
            if is_replaced(definition):
                self._refuse(change, "is defined by other means than C")
            elif is_weak(definition) and not is_known(definition):
                self._refuse(change, "is weak, so that another file may have what is run")
            self._judged.append(self._judgement(where, definition))
            if name not in self._bearing.stood_for:
                return
        elif definition.kind == "row":
            self._take_row(change)
            return
        elif name in POLICY_FUNCTIONS:
            self._take_policy_function(change)
            return
        if self._shadows(definition) and not is_known(definition):
            self._refuse(change, "is there or not by an #if that cannot be decided, and is used")
        elif is_replaced(definition) and not is_known(definition):
            self._refuse(change, "is defined by other means than C")
        elif definition.kind == "type":
            self._take_type(change)
        elif name in self._bearing.tables:
            if self._survey.is_change:  # rows of other registers
                self._take_unreached(change)
        elif not change.removed and (user := self._expanded_elsewhere(change)):
            self._refuse(change, f"is not expanded in another file, where {user} uses it")
        elif (
            definition.kind != "function" and name in self._bearing.compiled and not change.removed
        ):
            self._judged.append(self._judgement(where, definition))  # its value is compiled in
            if name in self._bearing.stood_for:
                self._refuse(change, self._bearing.why(name))
        elif name in self._bearing.stood_for:
            self._take_deciding(change)
        elif is_models_own(name) and not is_known(definition):
            self._refuse(change, "is one of those that the model has of its own")
        elif (does := side_effect(definition, self._acting)) and not is_known(definition):
            self._refuse(change, f"{does}, and is not run")
        elif self._survey.is_change:
            self._take_unreached(change)

    def _expanded_elsewhere(self, change: Change) -> str | None:
        """Return what uses a macro of one file in another, where only its name is seen."""
        macro = change.definition
        if macro.kind != "macro" or is_known(macro):
            return None
        for each in self._survey.files:
            own = any(named(one) == named(macro) for one in each.after)
            for one in each.after if each is not change.where and not own else ():
                if macro.name in one.mentions and one.name in self._bearing.compiled:
                    return one.display
        return None

    def _shadows(self, definition: Definition) -> bool:
        """Say whether what is run uses a name that an undecided #if may declare."""
        declared = maybe_declared(definition)
        return any(
            declared & each.mentions
            for surveyed in self._survey.files
            for each in surveyed.after
            if (surveyed.file.path, each.name) in self._bearing.run
        )

    def _take_deciding(self, change: Change) -> None:
        """Take a definition that the model stands for, where it equals one whose meaning it has."""
        known = None if change.removed else known_as(change.definition)
        if known is None:
            self._refuse(change, self._bearing.why(change.definition.name, removed=change.removed))
        elif known.differs is not None:
            self._refuse(change, known.other_meaning)
        elif change.definition.kind == "function":
            self._judged.append(self._judgement(change.where, change.definition, known.era))

    def _take_policy_function(self, change: Change) -> None:
        """Take a policy function that is not run: removed, or another file's is."""
        name = change.definition.name
        if change.removed:
            replaced = name == "access_sctlr" and any(
                function == "access_vm_reg" for _, function in self._bearing.run
            )
            if not replaced:
                self._refuse(change, "is removed, so that another stands in for it")
            return
        known = known_as(change.definition)
        if known is not None and known.differs is None:
            self._judged.append(self._judgement(change.where, change.definition, known.era))
        else:
            self._refuse(change, "is not run, since another file has it as well")

    def _take_row(self, change: Change) -> None:
        """Take a row of a handler table: it must name the handler that the model runs."""
        definition = change.definition
        if change.removed:
            self._refuse(change, "is removed; it decides which function handles the trap")
        elif definition.handler is None and not is_known(definition):
            self._refuse(change, "has a handler that could not be read")
        elif definition.handler is not None:
            handlers = self._handlers(definition)
            if handlers and definition.handler not in handlers and not is_known(definition):
                self._refuse(change, f"names {definition.handler} as what handles the trap")

    def _handlers(self, row: Definition) -> tuple[str, ...]:
        """Return the functions that the model runs for a trap, by the row that names them.

        None for a register that no guest of the model can write.
        """
        found = _ROW.fullmatch(row.name)
        register = found.group(1) if found else ""
        if decision_of(row.name) is SET_WAY_OPERATION:
            return ("access_dcsw", "access_dcgsw")
        if register.removesuffix("_EL1") not in _MODELLED:
            return ()
        own = {name for _, name in self._bearing.run}
        has_own = register.startswith("SCTLR") and "access_sctlr" in own
        return ("access_sctlr",) if has_own else ("access_vm_reg",)

    def _take_type(self, change: Change) -> None:
        """Take a type: its members start as zero; its constants are what others may go by."""
        fresh = {*change.definition.tokens}
        for before in change.where.before or ():
            if named(before) == named(change.definition):
                fresh ^= {*before.tokens}
        used = sorted(
            name
            for name in self._bearing.stood_for
            for definition in self._defined(name)
            if fresh & definition.mentions
        )
        if used and self._survey.is_change:
            self._refuse(change, f"is changed, and {used[0]}() uses it")

    def _defined(self, name: str) -> Iterator[Definition]:
        for each in self._survey.files:
            yield from (one for one in each.after if one.name == name)

    def _take_unreached(self, change: Change) -> None:
        """Take a change that no entry point reaches, as far as one can see."""
        told = change.definition.display
        file, (line, _) = self._survey.place(change.where, change.definition)
        why = f"is not run, and may set what those that are run go by: {_NOT_JUDGED}"
        self._unreached.append(NotJudged(file, line, told, why))

    def _take_unread(self, hunk: UnreadHunk) -> None:
        """Take a hunk that is in no file: what it changes is known by name alone."""
        deciding = [name for name in hunk.functions if self._bearing.matters(name)]
        what = ", ".join(f"{name}()" for name in (deciding or hunk.functions)) or "a hunk"
        if deciding:
            why = f"{self._bearing.why(deciding[0])}: {_NOT_JUDGED}, since {hunk.why}"
            self._not_judged.append(NotJudged(self._source, hunk.line, what, why))
        else:
            why = f"of {hunk.path} was not read, since {hunk.why}: {_NOT_JUDGED}"
            unread = NotJudged(self._source, hunk.line, what, why)
            is_kvm = "kvm" in hunk.path.lower() and hunk.path.endswith(_CODE)
            unclear = is_kvm and not hunk.functions
            (self._not_judged if unclear else self._unreached).append(unread)

    def _take_missing(self, missing: Missing) -> None:
        """Take what is not there: whatever it holds, it may decide."""
        why = f"{missing.why}: {_NOT_JUDGED}; {missing.way}"
        self._not_judged.append(NotJudged(self._source, missing.line, missing.what, why))

    def _refuse(self, change: Change, why: str) -> None:
        file, (line, _) = self._survey.place(change.where, change.definition)
        what = change.definition.display
        self._not_judged.append(NotJudged(file, line, what, f"{why}: {_NOT_JUDGED}"))

    def _judgement(
        self, where: Surveyed, definition: Definition, era: str = ""
    ) -> JudgedDefinition:
        file, lines = self._survey.place(where, definition)
        return JudgedDefinition(
            definition.name,
            file,
            lines,
            era,
            is_function=definition.kind == "function",
            is_known=is_known(definition),
        )


def _acting(definitions: Sequence[Definition], run: Collection[str]) -> frozenset[str]:
    """Return the functions that are run for what the model enters, and act on HCR_EL2 there."""
    acting = {*POLICY_FUNCTIONS}
    own = [each for each in definitions if each.kind == "function" and each.name in run]
    while found := {
        each.name for each in own if each.name not in acting and side_effect(each, acting)
    }:
        acting |= found
    return frozenset(acting)


def _built_in(survey: Survey, policy: Policy | None) -> tuple[str, ...]:
    """Return the functions that were compiled from what stands in."""
    if policy is None:
        return ()
    own = {source.name for source in policy.sources[: len(survey.files)]}
    return tuple(function.name for function in policy.functions if function.place.source not in own)
