"""What of a candidate decides, and what it touches: reached from KVM's entry points, by name."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from engine.compiler.kernel.known import MODELS_OWN, is_models_own
from engine.policy.policy import Policy
from scenarios.coverage.survey import DefinedNames, Survey
from scenarios.kernel.decisions import POLICY_FUNCTIONS, decision_of


@attrs.frozen(eq=False)
class Bearing:
    """The names of a candidate that decide something, and how."""

    run: frozenset[tuple[str, str]]
    """The functions that were compiled, by file and name."""
    tables: frozenset[str]
    """The register tables, by name."""
    stood_for: Mapping[str, str]
    """What the model stands for, and what is reached from there, each with where from."""
    compiled: Mapping[str, str]
    """What the policy functions reach, each with where from; none where nothing is run."""
    is_change: bool

    @classmethod
    def of(cls, survey: Survey, policy: Policy | None) -> Bearing:
        """Follow what a candidate's names mention; None: nothing of it is run."""
        run = _run(survey, policy)
        ran = {name for _, name in run}
        now = [definition for each in survey.files for definition in each.after]
        old = [definition for each in survey.files for definition in each.before or ()]
        around = [definition for each in survey.around for definition in each.after]
        names = DefinedNames.of((*now, *old, *around))
        tables = frozenset(name.partition("[")[0] for name in names.defined if "[" in name)
        stood_for = names.may_reach(
            (name for name in names.defined if _decides(name, tables) and name not in ran),
            {*POLICY_FUNCTIONS, *tables},
        )
        by_policy = DefinedNames.of((*now, *survey.stand_ins)).reached(POLICY_FUNCTIONS, MODELS_OWN)
        compiled = by_policy if policy is not None else {}
        return cls(run, tables, stood_for, compiled, survey.is_change)

    def stands_for(self, name: str) -> bool:
        """Say whether the model has a name's meaning, or runs it."""
        return name in POLICY_FUNCTIONS or _decides(name, self.tables)

    def matters(self, name: str) -> bool:
        """Say whether it decides something that a name means what the model has it for."""
        return self.stands_for(name) or is_models_own(name)

    def goes_by(self, name: str) -> bool:
        """Say whether a verdict speaks of a name, or would if the candidate defined it."""
        return name in self.compiled or name in self.stood_for or self.stands_for(name)

    def why(self, name: str, *, removed: bool = False) -> str:
        """Return which decision of KVM's a function touches that the candidate brings."""
        if removed:
            return f"is removed, and {self.touches(name)}"
        if decision_of(name) is not None and self.is_change:
            return self.touches(name).replace("it decides", "changes", 1)
        return self.touches(name).removeprefix("it ")

    def touches(self, name: str) -> str:
        """Return which decision of KVM's a function touches, as a clause."""
        root = name if decision_of(name) is not None else self.stood_for.get(name, name)
        decision = decision_of(root)
        if decision is None:
            return "it is one of the primitives that the model has of its own"
        if root == name:
            return f"it decides {decision.what}"
        return f"it is reached from {root}(), which decides {decision.what}"


def _decides(name: str, tables: frozenset[str]) -> bool:
    """Say whether the model stands for a name, so that another meaning of it is not run."""
    return name not in (*POLICY_FUNCTIONS, *tables) and (
        decision_of(name) is not None or name in MODELS_OWN
    )


def _run(survey: Survey, policy: Policy | None) -> frozenset[tuple[str, str]]:
    """Return the functions of the candidate that were compiled, by file and name."""
    if policy is None:
        return frozenset()
    paths = dict(
        zip(
            (source.name for source in policy.sources),
            (each.file.path for each in survey.files),
            strict=False,
        )
    )
    return frozenset(
        (paths[function.place.source], function.name)
        for function in policy.functions
        if function.place.source in paths
    )
