"""The picker: which scenario, under which policy."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.c.policy import Policy
from engine.c.source import PolicyError
from scenarios.errors import ScenarioError
from scenarios.library import load_scenario, scenario_names
from scenarios.policy_library import load_policy, policy_names
from scenarios.scenario import Scenario
from tui.keys import EVERYWHERE, PICKER
from tui.screens.commands import bindings
from tui.widgets.command_bar import CommandBar

DEFAULT_POLICY: Final = "upstream"
HEADLINE: Final = "secondary-stale-line"
"""The scenario to begin with."""
NAME: Final = 24
"""The columns for a name, before the title."""


class Picked(Message):
    """The user picked a scenario and a policy."""

    def __init__(self, scenario: Scenario, policy: Policy) -> None:
        super().__init__()
        self.scenario = scenario
        self.policy = policy


class PickerScreen(Screen[None]):
    """Lists the shipped scenarios with what they teach, and the policies."""

    BINDINGS = bindings(PICKER)
    AUTO_FOCUS = "#scenarios"
    commands = PICKER

    def __init__(self, policy: Policy | None = None) -> None:
        super().__init__()
        self._given = policy

    def compose(self) -> ComposeResult:
        """Yield the two lists, and below them what the scenario teaches."""
        names = policy_names()
        given = self._given
        chosen = DEFAULT_POLICY if given is None else given.name
        if given is not None and chosen not in names:
            names = (chosen, *names)
        yield Static("kvmcache-tui: when does a vCPU see stale memory?", id="picker-title")
        with Horizontal(id="lists"):
            with Vertical(id="scenario-side"):
                yield Static("scenario", classes="list-title")
                yield OptionList(
                    *(Option(_described(name), id=name) for name in scenario_names()),
                    id="scenarios",
                    markup=False,
                )
            with Vertical(id="policy-side"):
                yield Static("policy of KVM", classes="list-title")
                yield OptionList(
                    *(Option(name, id=name) for name in names), id="policies", markup=False
                )
        with VerticalScroll(id="lesson", can_focus=False):
            yield Static(id="teaches", markup=False)
        yield CommandBar((*PICKER, *EVERYWHERE))
        yield Static("Too small: the picker needs 60 x 18.", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Start at the headline, under the default policy."""
        policies = self.query_one("#policies", OptionList)
        chosen = DEFAULT_POLICY if self._given is None else self._given.name
        ids = [option.id for option in policies.options]
        policies.highlighted = ids.index(chosen) if chosen in ids else 0
        scenarios = self.query_one("#scenarios", OptionList)
        names = [option.id for option in scenarios.options]
        scenarios.highlighted = names.index(HEADLINE) if HEADLINE in names else 0

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the scenario under the cursor teaches."""
        self._teach()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what is picked in both lists."""
        self.action_open()

    def action_open(self) -> None:
        """Ask the app to open the scenario under the policy."""
        name, policy = self._highlighted("#scenarios"), self._highlighted("#policies")
        if name is None or policy is None:
            return
        try:
            given = self._given
            compiled = given if given and given.name == policy else load_policy(policy)
            self.post_message(Picked(load_scenario(name), compiled))
        except (ScenarioError, PolicyError) as error:
            self.notify(str(error), severity="error", markup=False)

    def action_other_list(self) -> None:
        """Move between the two lists."""
        self.focus_next(OptionList)

    def _highlighted(self, which: str) -> str | None:
        options = self.query_one(which, OptionList)
        if options.highlighted is None:
            return None
        return options.get_option_at_index(options.highlighted).id

    def _teach(self) -> None:
        name = self._highlighted("#scenarios")
        if name is None:
            return
        try:
            scenario = load_scenario(name)
        except ScenarioError as error:
            text = str(error)
        else:
            text = f"{scenario.title}\n\n{' '.join(scenario.teaches.split())}"
            expected = self._expected(scenario)
            text = f"{text}\n\n{expected}" if expected else text
        self.query_one("#teaches", Static).update(text)

    def _expected(self, scenario: Scenario) -> str:
        policy = self._highlighted("#policies")
        expected = None if policy is None else scenario.expectation(policy)
        if expected is None:
            return ""
        if expected.safe:
            return f"Under {policy}, in every interleaving: safe."
        kinds = " and ".join(kind.value for kind in expected.kinds)
        return f"Under {policy}, in some interleaving: {kinds}."


def _described(name: str) -> str:
    """Return a scenario's name and title; one that cannot be read says so when it is chosen."""
    try:
        return f"{name:{NAME}} {load_scenario(name).title}"
    except ScenarioError:
        return name
