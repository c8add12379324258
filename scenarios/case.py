"""A case: a scenario under a policy, with the words by which the user asked for both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from engine.machine.state import Machine
from engine.policy.policy import Policy
from scenarios.hardware import HardwareChoice, implementor_name, read_implementor
from scenarios.names import PROGRAM
from scenarios.policy_library import expectation_of
from scenarios.public_names import public_options, public_policy, public_scenario
from scenarios.scenario import Expectation, Scenario

if TYPE_CHECKING:
    from scenarios.sources.base import Tree

Words = tuple[tuple[str, ...], ...]
"""Options of a command, each with its value."""


@attrs.frozen
class Subject:
    """What is run: the scenario, its title, and the policy."""

    scenario: str
    title: str
    policy: str


@attrs.frozen(eq=False)
class Case:
    """What a run is a run of."""

    scenario: Scenario = attrs.field(repr=False)
    policy: Policy = attrs.field(repr=False)
    scenario_spec: str
    """The scenario's name or path."""
    policy_spec: str
    """The policy's name or path."""
    options: Words = ()
    """How the policy was read, and on which hardware, in words of the command line."""
    base: Tree | None = attrs.field(default=None, repr=False)
    """What patches are applied to, the built-in upstream for None."""
    session: str = ""
    """The saved session that carries scenario and policy, where those of now are others."""
    changed: tuple[str, ...] = ()
    """In what those of now are others, in sentences."""

    @classmethod
    def of(cls, scenario: Scenario, policy: Policy) -> Case:
        """Return the case of a scenario and a policy that were asked for by their names."""
        return cls(scenario, policy, scenario.name, policy.name)

    @property
    def subject(self) -> Subject:
        """What the heading says is run."""
        return Subject(self.scenario.name, self.scenario.title, self.policy.name)

    @property
    def machine(self) -> Machine:
        """The machine at step 0."""
        return self.scenario.machine(self.policy)

    @property
    def expectation(self) -> Expectation | None:
        """What the scenario expects of the policy over every interleaving."""
        return expectation_of(self.scenario, self.scenario_spec, self.policy_spec)

    @property
    def hardware(self) -> HardwareChoice:
        """The hardware that the user chose."""
        words = dict(option for option in self.options if len(option) == 2)
        fwb, implementor = words.get("--fwb"), words.get("--implementor")
        return HardwareChoice(
            None if fwb is None else fwb == "on",
            None if implementor is None else read_implementor(implementor),
        )

    @property
    def public(self) -> Case:
        """The same, with files named as the readers of a mail have them."""
        return attrs.evolve(
            self,
            scenario_spec=public_scenario(self.scenario_spec),
            policy_spec=public_policy(self.policy_spec),
            options=public_options(self.options),
            session="",
        )

    def under(self, policy: Policy, spec: str) -> Case:
        """Return the same scenario under another policy."""
        return attrs.evolve(self, policy=policy, policy_spec=spec, session="")

    def words(self, *more: tuple[str, ...]) -> Words:
        """Return the command that opens the case, in groups of words, with more options."""
        if self.session:
            return ((PROGRAM,), ("--session", self.session), *more)
        return (
            (PROGRAM, self.scenario_spec),
            ("--policy", self.policy_spec),
            *self.options,
            *more,
        )


@attrs.frozen(eq=False)
class Asked:
    """How the user asked for a policy: by which word, read how, and on what base."""

    spec: str
    options: Words = ()
    base: Tree | None = attrs.field(default=None, repr=False)

    def on(self, scenario: Scenario, policy: Policy) -> Case:
        """Return the case of that policy and a scenario."""
        return Case(scenario, policy, scenario.name, self.spec, self.options, self.base)


def hardware_options(choice: HardwareChoice) -> Words:
    """Return the options that choose hardware."""
    fwb, implementor = choice.fwb, choice.implementor
    return (
        *(() if fwb is None else (("--fwb", "on" if fwb else "off"),)),
        *(() if implementor is None else (("--implementor", implementor_name(implementor)),)),
    )


def flat(groups: Words) -> Iterator[str]:
    """Yield the words of a command that is given in groups."""
    return (word for group in groups for word in group)
