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
from engine.compiler.kernel.known import MODELS_OWN, is_models_own
from engine.policy.coverage import Coverage, JudgedDefinition, NotJudged
from engine.policy.policy import Policy
from scenarios.coverage.definitions import Definition
from scenarios.coverage.fingerprints import Known, at_odds, is_known, known_as
from scenarios.coverage.linkage import is_replaced, is_weak, maybe_declared, renames
from scenarios.coverage.side_effects import side_effect
from scenarios.coverage.state import never_set, state_in
from scenarios.coverage.survey import Change, DefinedNames, Survey, Surveyed, identity, named
from scenarios.coverage.unset_options import unset_options, with_options_on
from scenarios.kernel.decisions import POLICY_FUNCTIONS, SET_WAY_OPERATION, decision_of
from scenarios.sources.draft import Missing, UnreadHunk

_NOT_JUDGED: Final = "not judged"
_TABLES: Final = ("sys_reg_descs", "sys_insn_descs")
"""The tables of a 64-bit guest's registers and instructions; the second came with v6.11."""
_ROW: Final = re.compile(r"\w+\[(\w+)\]")
_MODELLED: Final = frozenset(register.name.removesuffix("_EL1") for register in SystemRegister)
"""The registers that a guest of the model can write."""
_TRAPPED: Final = ("SCTLR_EL1", "TTBR0_EL1", "TTBR1_EL1", "TCR_EL1", "DC_ISW", "DC_CSW", "DC_CISW")
"""What the table of every kernel has a row of."""
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
        self._run = _run_functions(survey, policy)
        run = {name for _, name in self._run}
        now = [definition for each in survey.files for definition in each.after]
        old = [definition for each in survey.files for definition in each.before or ()]
        around = [definition for each in survey.around for definition in each.after]
        names = DefinedNames.of((*now, *old, *around))
        self._tables = {name.partition("[")[0] for name in names.defined if "[" in name}
        self._reached = names.may_reach(
            (name for name in names.defined if self._decides(name) and name not in run),
            {*POLICY_FUNCTIONS, *self._tables},
        )
        by_policy = DefinedNames.of((*now, *survey.stand_ins)).reached(POLICY_FUNCTIONS, MODELS_OWN)
        self._by_policy = by_policy if policy is not None else {}
        self._acting = _acting(now, run)
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
        self._take_tables()
        self._take_state()
        self._take_unset_options()
        self._take_together()
        if self._policy is not None and self._survey.is_change:
            self._take_unchanged(changed)
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
                if definition.kind == "function" and key in self._run and key not in touched:
                    yield attrs.evolve(self._judgement(each, definition), changed=False)

    def _decides(self, name: str) -> bool:
        """Say whether the model stands for a name, so that another meaning of it is not run."""
        return name not in (*POLICY_FUNCTIONS, *self._tables) and (
            decision_of(name) is not None or name in MODELS_OWN
        )

    def _take(self, change: Change) -> None:
        where, definition = change.where, change.definition
        name = definition.name
        if definition.unread is not None:
            self._refuse(change, f"cannot be read: found {definition.unread}")
            return
        if renames(definition):
            self._refuse(change, "may give names another meaning, and is not read")
            return
        if (where.file.path, name) in self._run and not change.removed:
            if is_replaced(definition):
                self._refuse(change, "is defined by other means than C")
            elif is_weak(definition) and not is_known(definition):
                self._refuse(change, "is weak, so that another file may have what is run")
            self._judged.append(self._judgement(where, definition))
            if name not in self._reached:
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
        elif name in self._tables:
            if self._survey.is_change:  # rows of other registers
                self._take_unreached(change)
        elif definition.kind != "function" and name in self._by_policy and not change.removed:
            self._judged.append(self._judgement(where, definition))  # its value is compiled in
            if name in self._reached:
                self._refuse(change, self._why(name))
        elif name in self._reached:
            self._take_deciding(change)
        elif is_models_own(name) and not is_known(definition):
            self._refuse(change, "is one of those that the model has of its own")
        elif (does := side_effect(definition, self._acting)) and not is_known(definition):
            self._refuse(change, f"{does}, and is not run")
        elif self._survey.is_change:
            self._take_unreached(change)

    def _shadows(self, definition: Definition) -> bool:
        """Say whether what is run uses a name that an undecided #if may declare."""
        declared = maybe_declared(definition)
        return any(
            declared & each.mentions
            for surveyed in self._survey.files
            for each in surveyed.after
            if (surveyed.file.path, each.name) in self._run
        )

    def _take_deciding(self, change: Change) -> None:
        """Take a definition that the model stands for, where it equals one whose meaning it has."""
        known = None if change.removed else known_as(change.definition)
        if known is None:
            self._refuse(change, self._why(change.definition.name, removed=change.removed))
        elif known.differs is not None:
            self._refuse(change, _other_meaning(known))
        elif change.definition.kind == "function":
            self._judged.append(self._judgement(change.where, change.definition, known.era))

    def _take_policy_function(self, change: Change) -> None:
        """Take a policy function that is not run: removed, or another file's is."""
        name = change.definition.name
        if change.removed:
            replaced = name == "access_sctlr" and any(
                function == "access_vm_reg" for _, function in self._run
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
        own = {name for _, name in self._run}
        has_own = register.startswith("SCTLR") and "access_sctlr" in own
        return ("access_sctlr",) if has_own else ("access_vm_reg",)

    def _take_tables(self) -> None:
        """Take the handler tables as a whole: a register without a row has no handler."""
        for each in self._survey.files:
            names = {definition.name for definition in each.after}
            for register in _TRAPPED if _TABLES[0] in names else ():
                if not any(f"{table}[{register}]" in names for table in _TABLES):
                    row = f"{_TABLES[0]}[{register}]"
                    why = f"is not there, so that nothing handles the trap: {_NOT_JUDGED}"
                    self._not_judged.append(NotJudged(each.file.path, 0, row, why))

    def _take_together(self) -> None:
        """Take the known ones together: each counts on what the others of its kernel do."""
        found = [
            (known, each, definition)
            for each in (*self._survey.files, *self._survey.around)
            for definition in each.after
            if definition.kind != "type" and definition.name in self._reached
            if (each.file.path, definition.name) not in self._run
            if (known := known_as(definition)) is not None and known.differs is None
        ]
        if self._survey.is_change:
            return  # a tree is of one kernel, and what a patch changes is known or not
        odd = at_odds([known for known, _, _ in found])
        if odd is None:
            return
        gone, new = odd
        old = next(definition for known, _, definition in found if known == gone)
        where, definition = next((each, one) for known, each, one in found if known == new)
        file, (line, _) = self._place(where, definition)
        why = f"is of {new.era} on, and {_told(old)} up to {gone.last or gone.era}"
        why = f"{why}: together of no known kernel, {_NOT_JUDGED}"
        self._not_judged.append(NotJudged(file, line, _told(definition), why))

    def _take_state(self) -> None:
        """Take what the functions that are run go by, and others may set."""
        if self._policy is None:
            return
        own = [definition for each in self._survey.files for definition in each.after]
        for given in never_set(self._policy, own):
            why = f"{given.why}, and taken as {given.value}: {_NOT_JUDGED}"
            self._not_judged.append(NotJudged(self._source, 0, f"`{given.name}`", why))
        for each in self._survey.files:
            for definition in each.after:
                used = state_in(definition, self._policy)
                if used and (each.file.path, definition.name) not in self._run:
                    file, (line, _) = self._place(each, definition)
                    why = f"is not run, and may set `{used[0]}` that what is run goes by"
                    what = _told(definition)
                    self._not_judged.append(NotJudged(file, line, what, f"{why}: {_NOT_JUDGED}"))

    def _take_unset_options(self) -> None:
        """Take what would be another if an option were on that is only taken to be off."""
        for each in self._survey.files:
            for definition in each.after:
                key = (each.file.path, definition.name)
                options = definition.mentions & {
                    *unset_options(each.file.text, self._survey.configs)
                }
                if options and key in self._run and not is_known(definition):
                    self._refuse_option(each, definition, min(options))
            self._take_conditionals(each)

    def _take_conditionals(self, each: Surveyed) -> None:
        """Take what the conditionals of a file make of it with other options."""
        known = {one.name for one in each.after if is_known(one)}
        now = {identity(one) for one in each.after}
        before = {
            option: {identity(one) for one in found}
            for option, found in with_options_on(each.file.before or "", self._survey.configs)
        }
        old = {identity(one) for one in each.before or ()}
        for option, found in with_options_on(each.file.text, self._survey.configs):
            then = {identity(one) for one in found}
            same = now | old | before.get(option, set())
            others = [one for one in found if identity(one) not in same]
            names = {one.name for one in found}
            gone = [
                one for one in each.after if one.name not in names and identity(one) not in then
            ]
            for one in (*others, *gone):
                if self._goes_by(one.name) and one.name not in known and not is_known(one):
                    self._refuse_option(each, one, option)

    def _goes_by(self, name: str) -> bool:
        """Say whether a verdict speaks of a name, or would if the candidate defined it."""
        return name in self._by_policy or name in self._reached or self._stands_for(name)

    def _refuse_option(self, where: Surveyed, definition: Definition, option: str) -> None:
        file, (line, _) = self._place(where, definition)
        why = f"may be another with {option}=y, which is only taken to be n: {_NOT_JUDGED}"
        way = f"--config {option}=y or {option}=n says which"
        self._not_judged.append(NotJudged(file, line, _told(definition), f"{why}; {way}"))

    def _take_type(self, change: Change) -> None:
        """Take a type: its members start as zero; its constants are what others may go by."""
        fresh = {*change.definition.tokens}
        for before in change.where.before or ():
            if named(before) == named(change.definition):
                fresh ^= {*before.tokens}
        used = sorted(
            name
            for name in self._reached
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
        told = _told(change.definition)
        file, (line, _) = self._place(change.where, change.definition)
        why = f"is not run, and may set what those that are run go by: {_NOT_JUDGED}"
        self._unreached.append(NotJudged(file, line, told, why))

    def _take_unread(self, hunk: UnreadHunk) -> None:
        """Take a hunk that is in no file: what it changes is known by name alone."""
        deciding = [name for name in hunk.functions if self._matters(name)]
        what = ", ".join(f"{name}()" for name in (deciding or hunk.functions)) or "a hunk"
        if deciding:
            why = f"{self._why(deciding[0])}: {_NOT_JUDGED}, since {hunk.why}"
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

    def _stands_for(self, name: str) -> bool:
        return name in POLICY_FUNCTIONS or self._decides(name)

    def _matters(self, name: str) -> bool:
        return self._stands_for(name) or is_models_own(name)

    def _take_unchanged(self, changed: Sequence[Change]) -> None:
        """Take what a patch leaves as it was: the base must be one that the model stands for."""
        touched = {(change.where.file.path, change.definition.name) for change in changed}
        for each in self._survey.files:
            for definition in each.after:
                key = (each.file.path, definition.name)
                if key in touched or key in self._run or definition.kind != "function":
                    continue
                if definition.name in self._reached and not is_known(definition):
                    self._refuse_unchanged(each.file.path, definition)
        for each in self._survey.around:
            for definition in each.after:
                stands_for = definition.kind == "function" and self._stands_for(definition.name)
                if stands_for and not is_known(definition):
                    self._refuse_unchanged(each.file.path, definition)

    def _refuse_unchanged(self, path: str, definition: Definition) -> None:
        known = known_as(definition)
        if known is None:
            why = f"of the base is none of the known ones, and {self._touches(definition.name)}"
        else:
            why = _other_meaning(known)
        what = _told(definition)
        line = definition.first_line
        self._not_judged.append(NotJudged(path, line, what, f"{why}: {_NOT_JUDGED}"))

    def _refuse(self, change: Change, why: str) -> None:
        file, (line, _) = self._place(change.where, change.definition)
        what = _told(change.definition)
        self._not_judged.append(NotJudged(file, line, what, f"{why}: {_NOT_JUDGED}"))

    def _why(self, name: str, *, removed: bool = False) -> str:
        """Return which decision of KVM's a function touches."""
        if removed:
            return f"is removed, and {self._touches(name)}"
        if decision_of(name) is not None and self._survey.is_change:
            return self._touches(name).replace("it decides", "changes", 1)
        return self._touches(name).removeprefix("it ")

    def _touches(self, name: str) -> str:
        root = name if decision_of(name) is not None else self._reached.get(name, name)
        decision = decision_of(root)
        if decision is None:
            return "it is one of the primitives that the model has of its own"
        if root == name:
            return f"it decides {decision.what}"
        return f"it is reached from {root}(), which decides {decision.what}"

    def _judgement(
        self, where: Surveyed, definition: Definition, era: str = ""
    ) -> JudgedDefinition:
        file, lines = self._place(where, definition)
        return JudgedDefinition(
            definition.name,
            file,
            lines,
            era,
            is_function=definition.kind == "function",
            is_known=is_known(definition),
        )

    def _place(self, where: Surveyed, definition: Definition) -> tuple[str, tuple[int, int]]:
        """Return where a definition is: in the user's file as far as its lines are from there."""
        lines = where.file.line_map[definition.first_line - 1 : definition.last_line]
        given = [line for line in lines if line]
        if given:
            return self._source, (min(given), max(given))
        return where.file.path, (definition.first_line, definition.last_line)


def _run_functions(survey: Survey, policy: Policy | None) -> set[tuple[str, str]]:
    """Return the functions of the candidate that were compiled, by file and name."""
    if policy is None:
        return set()
    paths = dict(
        zip(
            (source.name for source in policy.sources),
            (each.file.path for each in survey.files),
            strict=False,
        )
    )
    return {
        (paths[function.place.source], function.name)
        for function in policy.functions
        if function.place.source in paths
    }


def _acting(definitions: Sequence[Definition], run: Collection[str]) -> frozenset[str]:
    """Return the functions that are run for what the model enters, and act on HCR_EL2 there."""
    acting = {*POLICY_FUNCTIONS}
    own = [each for each in definitions if each.kind == "function" and each.name in run]
    while found := {
        each.name for each in own if each.name not in acting and side_effect(each, acting)
    }:
        acting |= found
    return frozenset(acting)


def _other_meaning(known: Known) -> str:
    return f"is as in {known.era}, which {known.differs}; the model does not"


def _built_in(survey: Survey, policy: Policy | None) -> tuple[str, ...]:
    """Return the functions that were compiled from what stands in."""
    if policy is None:
        return ()
    own = {source.name for source in policy.sources[: len(survey.files)]}
    return tuple(function.name for function in policy.functions if function.place.source not in own)


def _told(definition: Definition) -> str:
    if not definition.name:
        return "code outside of functions"
    return f"{definition.name}()" if definition.kind == "function" else definition.name
