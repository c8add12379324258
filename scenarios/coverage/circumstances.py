"""What a verdict goes by besides the code that a source brings: what is around, and what is open.

State that others set, options that are only taken to be off, a row that a table lacks, values that
nothing gave, known functions of kernels that never met, and what a patch's base has of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from engine.compiler.assignment import indeterminate
from engine.compiler.identity import mixed
from engine.compiler.purity import is_of_arguments_alone
from engine.policy.coverage import NotJudged
from engine.policy.policy import Policy
from engine.policy.source import SourceFile
from scenarios.coverage.bearing import Bearing
from scenarios.coverage.definitions import Definition
from scenarios.coverage.fingerprints import at_odds, is_known, known_as
from scenarios.coverage.linkage import is_cached, is_left_early
from scenarios.coverage.state import never_set, state_in
from scenarios.coverage.survey import Survey, Surveyed, identity
from scenarios.coverage.unset_options import unset_options, with_options_on

_NOT_JUDGED: Final = "not judged"
_TABLES: Final = ("sys_reg_descs", "sys_insn_descs")
"""The tables of a 64-bit guest's registers and instructions; the second came with v6.11."""
_TRAPPED: Final = ("SCTLR_EL1", "TTBR0_EL1", "TTBR1_EL1", "TCR_EL1", "DC_ISW", "DC_CSW", "DC_CISW")
"""What the table of every kernel has a row of."""


@attrs.frozen(eq=False)
class Circumstances:
    """What is around of a candidate's code that is run, or around what it changes."""

    survey: Survey
    policy: Policy | None
    bearing: Bearing

    def not_judged(self) -> Iterator[NotJudged]:
        """Yield what of it was not judged, although a verdict depends on it."""
        yield from self._of_tables()
        if self.policy is not None:
            yield from self._of_state(self.policy)
            yield from self._of_values(self.policy)
            yield from self._of_numbers(self.policy)
            yield from self._of_calls(self.policy)
        yield from self._of_options()
        yield from self._together()
        if self.policy is not None and self.survey.is_change:
            yield from self._unchanged()

    def _defined(self) -> Iterator[tuple[Surveyed, Definition]]:
        for each in self.survey.files:
            for definition in each.after:
                yield each, definition

    def _is_run(self, where: Surveyed, definition: Definition) -> bool:
        return (where.file.path, definition.name) in self.bearing.run

    def _of_tables(self) -> Iterator[NotJudged]:
        """Yield the rows that a handler table lacks: a register without one has no handler."""
        for each in self.survey.files:
            names = {definition.name for definition in each.after}
            for register in _TRAPPED if _TABLES[0] in names else ():
                if not any(f"{table}[{register}]" in names for table in _TABLES):
                    row = f"{_TABLES[0]}[{register}]"
                    why = f"is not there, so that nothing handles the trap: {_NOT_JUDGED}"
                    yield NotJudged(each.file.path, 0, row, why)

    def _of_state(self, policy: Policy) -> Iterator[NotJudged]:
        """Yield what the functions that are run go by, and others may set."""
        own = [definition for _, definition in self._defined()]
        for given in never_set(policy, own):
            why = f"{given.why}, and taken as {given.value}: {_NOT_JUDGED}"
            yield NotJudged(self.survey.candidate.source, 0, f"`{given.name}`", why)
        for each, definition in self._defined():
            used = state_in(definition, policy)
            if used and not self._is_run(each, definition):
                why = f"is not run, and may set `{used[0]}` that what is run goes by"
                yield self._about(each, definition, f"{why}: {_NOT_JUDGED}")

    def _of_values(self, policy: Policy) -> Iterator[NotJudged]:
        """Yield what is read of locals, and of functions' ends, although nothing gave it."""
        homes = {source.name: each for source, each in self._homes(policy)}
        said = set[tuple[int, str | None]]()
        for each in indeterminate(policy):
            function = policy.functions[each.function]
            where = homes.get(function.place.source)
            if where is None or (each.function, each.name) in said:
                continue
            said.add((each.function, each.name))
            brought = [one for one in where.after if one.name == function.name]
            if any(is_known(one) for one in brought):
                continue
            if each.name is None:
                what, why = f"{function.name}()", "may end without giving the value that it has to"
            else:
                what = f"`{each.name}` of {function.name}()"
                why = "may be read before anything is assigned to it, and is anything then"
            line = where.file.line_map[each.place.line - 1]
            file = self.survey.candidate.source if line else where.file.path
            yield NotJudged(file, line or each.place.line, what, f"{why}: {_NOT_JUDGED}")

    def _of_numbers(self, policy: Policy) -> Iterator[NotJudged]:
        """Yield what decides by a vCPU's number and something else that arithmetic mixes."""
        homes = {source.name: each for source, each in self._homes(policy)}
        for number, operation in mixed(policy):
            where = homes.get(operation.place.source)
            name = policy.functions[number].name
            if where is None or any(is_known(one) for one in where.after if one.name == name):
                continue
            line = where.file.line_map[operation.place.line - 1]
            file = self.survey.candidate.source if line else where.file.path
            why = "computes with a vCPU's number and something else at once, and no scenario has"
            why = f"{why} all the numbers there are: {_NOT_JUDGED}"
            what = f"`{operation.text}` of {name}()"
            yield NotJudged(file, line or operation.place.line, what, why)

    def _of_calls(self, policy: Policy) -> Iterator[NotJudged]:
        """Yield the functions of which an attribute says other than their C."""
        homes = {source.name: each for source, each in self._homes(policy)}
        for function in policy.functions:
            where = homes.get(function.place.source)
            for definition in () if where is None else where.after:
                if where is None or is_known(definition):
                    continue
                why = ""
                if is_left_early(definition, function.name):
                    why = "is said by its attribute not to come to its end"
                elif is_cached(definition, function.name) and not is_of_arguments_alone(function):
                    why = "may be called less often than is written, by its attribute, and reads"
                    why = f"{why} more than its arguments"
                if why:
                    file, (line, _) = self.survey.place(where, definition)
                    yield NotJudged(file, line, f"{function.name}()", f"{why}: {_NOT_JUDGED}")

    def _homes(self, policy: Policy) -> Iterator[tuple[SourceFile, Surveyed]]:
        """Yield the sources of a policy that are the candidate's, each with what was read of it."""
        return zip(policy.sources, self.survey.files, strict=False)

    def _of_options(self) -> Iterator[NotJudged]:
        """Yield what would be another if an option were on that is only taken to be off."""
        for each in self.survey.files:
            unset = {*unset_options(each.file.text, self.survey.configs)}
            for definition in each.after:
                options = definition.mentions & unset
                if options and self._is_run(each, definition) and not is_known(definition):
                    yield self._optional(each, definition, min(options))
            yield from self._of_conditionals(each)

    def _of_conditionals(self, each: Surveyed) -> Iterator[NotJudged]:
        """Yield what the conditionals of a file make of it with other options."""
        known = {one.name for one in each.after if is_known(one)}
        now = {identity(one) for one in each.after}
        before = {
            option: {identity(one) for one in found}
            for option, found in with_options_on(each.file.before or "", self.survey.configs)
        }
        old = {identity(one) for one in each.before or ()}
        for option, found in with_options_on(each.file.text, self.survey.configs):
            then = {identity(one) for one in found}
            same = now | old | before.get(option, set())
            others = [one for one in found if identity(one) not in same]
            names = {one.name for one in found}
            gone = [
                one for one in each.after if one.name not in names and identity(one) not in then
            ]
            for one in (*others, *gone):
                if self.bearing.goes_by(one.name) and one.name not in known and not is_known(one):
                    yield self._optional(each, one, option)

    def _optional(self, where: Surveyed, definition: Definition, option: str) -> NotJudged:
        why = f"may be another with {option}=y, which is only taken to be n: {_NOT_JUDGED}"
        way = f"--config {option}=y or {option}=n says which"
        return self._about(where, definition, f"{why}; {way}")

    def _together(self) -> Iterator[NotJudged]:
        """Yield one of the known ones that is of a kernel which others are not of.

        Each counts on what the others of its kernel do. A tree is of one kernel, and what a patch
        changes in it is known or not.
        """
        if self.survey.is_change:
            return
        found = [
            (known, each, definition)
            for each, definition in self._defined()
            if definition.kind != "type" and definition.name in self.bearing.stood_for
            if not self._is_run(each, definition)
            if (known := known_as(definition)) is not None and known.differs is None
        ]
        odd = at_odds([known for known, _, _ in found])
        if odd is None:
            return
        gone, new = odd
        old = next(definition for known, _, definition in found if known == gone)
        where, definition = next((each, one) for known, each, one in found if known == new)
        why = f"is of {new.era} on, and {old.display} up to {gone.last or gone.era}"
        yield self._about(where, definition, f"{why}: together of no known kernel, {_NOT_JUDGED}")

    def _unchanged(self) -> Iterator[NotJudged]:
        """Yield what a patch leaves as it was: the base must be one that the model stands for."""
        changed = {
            (change.where.file.path, change.definition.name) for change in self.survey.changes()
        }
        for each, definition in self._defined():
            touched = (each.file.path, definition.name) in changed
            if touched or self._is_run(each, definition) or definition.kind != "function":
                continue
            if definition.name in self.bearing.stood_for and not is_known(definition):
                yield self._of_base(each.file.path, definition)
        for each in self.survey.around:
            for definition in each.after:
                stands_for = definition.kind == "function" and self.bearing.stands_for(
                    definition.name
                )
                if stands_for and not is_known(definition):
                    yield self._of_base(each.file.path, definition)

    def _of_base(self, path: str, definition: Definition) -> NotJudged:
        known = known_as(definition)
        touches = self.bearing.touches(definition.name)
        none = f"of the base is none of the known ones, and {touches}"
        why = none if known is None else known.other_meaning
        line = definition.first_line
        return NotJudged(path, line, definition.display, f"{why}: {_NOT_JUDGED}")

    def _about(self, where: Surveyed, definition: Definition, why: str) -> NotJudged:
        file, (line, _) = self.survey.place(where, definition)
        return NotJudged(file, line, definition.display, why)
