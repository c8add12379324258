"""A candidate that was reviewed: its verdict against upstream, and what had to be assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, unique
from typing import Final

import attrs

from engine.compiler.preprocess.conditions import config_value
from engine.policy.coverage import Coverage
from engine.policy.policy import AsksImplementor, Policy
from engine.refusal import RefusedError
from scenarios.hardware import OWN_HARDWARE, HardwareChoice, implementor_name
from scenarios.sources.c_text.tokens import tokenize
from scenarios.sources.candidate import Candidate
from tui.presenters.reports.checked import Checked
from tui.presenters.reports.every_guest import Answered
from tui.presenters.reports.unreached import NOTHING, Missed, missed

_CONFIG: Final = re.compile(r"CONFIG_\w+", re.ASCII)


@unique
class Judgement(Enum):
    """What a candidate is found to be, beside upstream."""

    UNSAFE = "unsafe"
    """It breaks what upstream keeps."""
    UNREADABLE = "unreadable"
    UNDETERMINED = "undetermined"
    SAFE = "safe"


@attrs.frozen(eq=False)
class Reviewed:
    """A candidate, with the policy it compiles to or why it does not, and the results."""

    candidate: Candidate
    spec: str
    """The word by which other commands know it."""
    policy: Policy | None
    """None where it cannot be read, and where nothing that it changes can be run."""
    coverage: Coverage
    error: RefusedError | None
    rows: tuple[Checked, ...]
    given: HardwareChoice = OWN_HARDWARE
    """The hardware that the user chose."""
    every_guest: Answered | None = None
    """What holds for every guest, None where that was not asked."""

    @property
    def judgement(self) -> Judgement:
        """What the candidate is found to be, on the scenarios and for every guest.

        One finding makes it unsafe, and it is safe only if both are.
        """
        judgement = self.on_scenarios
        if self.every_guest is None or judgement is Judgement.UNREADABLE:
            return judgement
        both = (judgement, Judgement(self.every_guest.verdict.value))
        order = (Judgement.UNSAFE, Judgement.UNDETERMINED)
        return next((each for each in order if each in both), Judgement.SAFE)

    @property
    def on_scenarios(self) -> Judgement:
        """What it is found to be on the scenarios: safe only if all that decides was judged."""
        if self.error is not None:
            return Judgement.UNREADABLE
        if self.policy is None:
            return Judgement.UNDETERMINED
        judgement = judged(self.rows)
        partly = self.coverage.gap is not None or self.missed.may_decide
        is_open = judgement is Judgement.SAFE and partly
        return Judgement.UNDETERMINED if is_open else judgement

    @property
    def missed(self) -> Missed:
        """What of its own code no run of any scenario shows."""
        if self.policy is None:
            return NOTHING
        return missed(self.policy, [row.result.outcome for row in self.rows], self.given)

    @property
    def by_hardware(self) -> tuple[tuple[HardwareChoice, tuple[Checked, ...]], ...]:
        """The results on each hardware that the candidate asks about."""
        variants = dict.fromkeys(row.variant for row in self.rows)
        return tuple(
            (variant, tuple(row for row in self.rows if row.variant == variant))
            for variant in variants
        )

    @property
    def configs(self) -> tuple[str, ...]:
        """The configuration options that the candidate's text names, with their values."""
        if self.policy is None:
            return ()
        lines = (line for file in self.candidate.files for line in file.text.split("\n"))
        tokens = tokenize(list(lines))
        names = sorted({token.text for token in tokens if _CONFIG.fullmatch(token.text)})
        values = dict(self.policy.options.configs)
        return tuple(f"{name}={_config(config_value(name, values))}" for name in names)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken for granted: functions without effect, configuration options."""
        return (*(() if self.policy is None else self.policy.assumed), *self.configs)


def judged(rows: Iterable[Checked]) -> Judgement:
    """Return what results say of the functions that were run.

    What upstream breaks as well is not held against them; what was not judged is not looked at. A
    guest that faults with upstream too leaves open what would come after.
    """
    judgement = Judgement.SAFE
    for row in rows:
        outcome = row.result.outcome
        introduced = [row.result.introduced(found.kind) for found in outcome.findings]
        if True in introduced:
            return Judgement.UNSAFE
        unknown = None in introduced or outcome.reason is not None
        if unknown or row.result.faults_anyway:
            judgement = Judgement.UNDETERMINED
    return judgement


def hardware_name(policy: Policy, variant: HardwareChoice) -> str:
    """Return the hardware that a policy was judged on, in words."""
    parts = []
    if variant.implementor is not None:
        name = implementor_name(variant.implementor)
        asked = [q.value for q in policy.questions if isinstance(q, AsksImplementor)]
        other = variant.implementor not in asked
        parts.append(f"any other implementor ({name})" if other else f"implementor {name}")
    if variant.fwb is not None:
        parts.append("with FWB" if variant.fwb else "without FWB")
    return ", ".join(parts)


def _config(value: int) -> str:
    return {0: "n", 1: "y"}.get(value, str(value))
