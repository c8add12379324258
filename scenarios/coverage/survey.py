"""What a candidate defines and changes, and what of it reaches what else.

The functions of the patch's files are compared as tokens: a comment is no change, and what moved
from one file of the patch to another has not changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

import attrs

from engine.compiler.kernel.known import MODELS_OWN
from scenarios.coverage.definitions import Definition, definitions_of
from scenarios.coverage.fingerprints import is_known
from scenarios.kernel.decisions import POLICY_FUNCTIONS
from scenarios.sources.base import Tree
from scenarios.sources.candidate import Candidate, CandidateFile

_DECIDING: Final = frozenset(
    {
        *("mmu.c", "sys_regs.c", "reset.c", "arm.c", "pgtable.c", "psci.c", "handle_exit.c"),
        *("coproc.c", "coproc_a15.c", "coproc_a7.c", "kvm_mmu.h", "kvm_emulate.h", "kvm_arm.h"),
        *("kvm_pgtable.h", "kvm_host.h", "sys_regs.h", "inject_fault.c", "guest.c"),
    }
)
"""The files of KVM in which what decides stands, in every era."""
_OF_32_BIT_HOSTS: Final = "arch/arm/"


@attrs.frozen(eq=False)
class Surveyed:
    """A file of a candidate, and what it defines: now, and before the patch."""

    file: CandidateFile
    after: tuple[Definition, ...]
    before: tuple[Definition, ...] | None


@attrs.frozen(eq=False)
class Survey:
    """What a candidate defines and changes, as far as its text says."""

    candidate: Candidate
    files: tuple[Surveyed, ...]
    """Those of 64-bit hosts first, and among them those with policy functions."""
    around: tuple[Surveyed, ...]
    """What of KVM is in the tree beside them."""
    stand_ins: tuple[Definition, ...]
    is_change: bool
    configs: Mapping[str, int]
    """The user's CONFIG_ values; others are taken to be off."""

    @classmethod
    def of(
        cls,
        candidate: Candidate,
        configs: Mapping[str, int],
        stand_ins: Iterable[str] = (),
        tree: Tree | None = None,
    ) -> Survey:
        """Read what a candidate defines, under the user's CONFIG_ values.

        `stand_ins` are texts of the policy functions for candidates that bring none, `tree` is
        what the candidate was applied to: a file of it is added where it has what is run.
        """
        files = [
            Surveyed(
                file,
                definitions_of(file.text, configs),
                None if file.before is None else definitions_of(file.before, configs),
            )
            for file in candidate.files
        ]
        fallen_back = tuple(
            definition for text in stand_ins for definition in definitions_of(text, configs)
        )
        patched = any(hunk.path for hunk in candidate.unread)
        is_change = patched or any(each.before is not None for each in files)
        around = tuple(_around(tree, candidate.files, configs)) if is_change else ()
        used = _used(files, around, fallen_back)
        return cls(
            candidate,
            tuple(sorted((*files, *used), key=_rank)),
            tuple(each for each in around if each not in used),
            fallen_back,
            is_change,
            configs,
        )

    @property
    def can_be_run(self) -> bool:
        """Whether the candidate has policy functions, and a patch changes what they reach."""
        if not self.is_change:
            defined = {definition.name for each in self.files for definition in each.after}
            return any(name in defined for name in POLICY_FUNCTIONS)
        now = [definition for each in self.files for definition in each.after]
        old = [definition for each in self.files for definition in each.before or ()]
        reached = {
            *DefinedNames.of((*now, *self.stand_ins)).reached(POLICY_FUNCTIONS, MODELS_OWN),
            *DefinedNames.of((*old, *self.stand_ins)).reached(POLICY_FUNCTIONS, MODELS_OWN),
        }
        return any(each.definition.name in reached for each in self.changes())

    def changes(self) -> Iterator[Change]:
        """Yield what is defined that was not, and what was that is no more.

        Of a source that is no patch that is all it defines. What moved from one file to another
        has not changed.
        """
        before = Counter(
            identity(definition) for each in self.files for definition in each.before or ()
        )
        after = Counter(identity(definition) for each in self.files for definition in each.after)
        for each in self.files:
            old = Counter(map(identity, each.before or ()))
            for definition in each.after:
                here = identity(definition)
                if old[here]:
                    old[here] -= 1
                elif before[here] < after[here]:
                    yield Change(each, definition, removed=False)
            now = {named(definition) for definition in each.after}
            for definition in each.before or ():
                if named(definition) not in now and not self._gained(each, named(definition)):
                    yield Change(each, definition, removed=True)

    def place(self, where: Surveyed, definition: Definition) -> tuple[str, tuple[int, int]]:
        """Return where a definition is: in the user's file as far as its lines are from there."""
        lines = where.file.line_map[definition.first_line - 1 : definition.last_line]
        given = [line for line in lines if line]
        if given:
            return self.candidate.source, (min(given), max(given))
        return where.file.path, (definition.first_line, definition.last_line)

    def _gained(self, loser: Surveyed, name: tuple[str, str]) -> bool:
        """Say whether another file defines what one lost, and did not before."""
        return any(
            name in map(named, other.after) and name not in map(named, other.before or ())
            for other in self.files
            if other is not loser
        )


@attrs.frozen(eq=False)
class Change:
    """A definition that the candidate brings, or takes away."""

    where: Surveyed
    definition: Definition
    removed: bool


def identity(definition: Definition) -> tuple[str, str, tuple[str, ...]]:
    """Return what two definitions share that are the same code, wherever they stand."""
    return definition.kind, definition.name, definition.tokens


def named(definition: Definition) -> tuple[str, str]:
    """Return what a definition defines: its kind and its name."""
    return definition.kind, definition.name


def _around(
    tree: Tree | None, own: Sequence[CandidateFile], configs: Mapping[str, int]
) -> Iterator[Surveyed]:
    """Yield the files of KVM that a tree has and the candidate does not touch."""
    paths = {file.path for file in own}
    places = {file.place for file in own}
    for file in () if tree is None else tree.kvm_files():
        path = PurePosixPath(file.path)
        taken = file.path in paths or file.place in places
        if path.name in _DECIDING and "linux" not in path.parts and not taken:
            known = definitions_of(file.text, configs)
            lines = tuple(0 for _ in file.text.split("\n"))
            yield Surveyed(
                CandidateFile(file.path, file.text, lines, file.text, True), known, known
            )


def _used(
    own: Sequence[Surveyed], around: Sequence[Surveyed], stand_ins: Iterable[Definition]
) -> tuple[Surveyed, ...]:
    """Return the files of a tree that have what is run: a function that is none of the known ones.

    A known one is what stands in for it.
    """
    defined = {definition.name for each in own for definition in each.after}
    everything = [definition for each in (*own, *around) for definition in each.after]
    reached = DefinedNames.of((*everything, *stand_ins)).reached(POLICY_FUNCTIONS, MODELS_OWN)
    return tuple(
        each
        for each in around
        if any(
            definition.kind == "function"
            and definition.name in reached
            and definition.name not in defined
            and not is_known(definition)
            for definition in each.after
        )
    )


def _rank(surveyed: Surveyed) -> tuple[bool, bool]:
    has_policy = any(definition.name in POLICY_FUNCTIONS for definition in surveyed.after)
    return surveyed.file.path.startswith(_OF_32_BIT_HOSTS), not has_policy


@attrs.frozen(eq=False)
class DefinedNames:
    """Definitions by name, to follow what mentions what."""

    defined: Mapping[str, Sequence[Definition]]

    @classmethod
    def of(cls, definitions: Iterable[Definition]) -> DefinedNames:
        """Collect definitions by their names."""
        table: dict[str, list[Definition]] = {}
        for definition in definitions:
            table.setdefault(definition.name, []).append(definition)
        return cls(table)

    def reached(self, roots: Iterable[str], stops: Collection[str]) -> dict[str, str]:
        """Return all that is mentioned from the roots on, each with the root it is reached from.

        Stops are not followed, unless they are roots.
        """
        return self._follow(roots, stops, ())

    def may_reach(self, roots: Iterable[str], stops: Collection[str]) -> dict[str, str]:
        """Return the same, with the variables that are reached through the members they set.

        Who uses a member may use what any variable's initialiser says of it.
        """
        tables = (each for known in self.defined.values() for each in known)
        return self._follow(roots, stops, [each for each in tables if each.kind == "variable"])

    def _follow(
        self, roots: Iterable[str], stops: Collection[str], tables: Sequence[Definition]
    ) -> dict[str, str]:
        found = {root: root for root in roots if root in self.defined}
        pending = list(found)
        members: set[str] = set()
        setting = [(table.name, _designators(table)) for table in tables]
        while pending:
            name = pending.pop(0)
            fresh: list[str] = []
            for definition in self.defined[name]:
                fresh.extend(sorted(definition.mentions))
                members |= _members(definition)
            fresh.extend(table for table, designators in setting if designators & members)
            for other in fresh:
                if other in self.defined and other not in found and other not in stops:
                    found[other] = found[name]
                    pending.append(other)
        return found


def _members(definition: Definition) -> frozenset[str]:
    """Return the members that a definition uses, `->member` and `.member`, but sets none of."""
    used = {name for before, name in pairwise(definition.tokens) if before in ("->", ".")}
    return frozenset(used - _designators(definition) if definition.kind == "variable" else used)


def _designators(definition: Definition) -> frozenset[str]:
    """Return the members that a variable's initialiser names: `.member =`."""
    tokens = definition.tokens
    return frozenset(
        name
        for dot, name, equals in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if dot == "." and equals == "="
    )
