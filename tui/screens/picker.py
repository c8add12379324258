"""The picker: which scenario, under which policy."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.policy.policy import Policy
from engine.refusal import RefusedError
from scenarios.library import load_scenario
from scenarios.names import policy_names, policy_title, shipped_names
from scenarios.policy_library import load_policy
from scenarios.scenario import Scenario
from tui.keys.command import Command
from tui.presenters.panels.picking import PickerEntry
from tui.screens.keyed import KeyedScreen

DEFAULT_POLICY: Final = "upstream"
HEADLINE: Final = "secondary-stale-line"
"""The scenario to begin with."""


class Picked(Message):
    """The user picked a scenario and a policy, to debug it or to compare it with upstream's."""

    def __init__(self, scenario: Scenario, policy: Policy, *, compare: bool) -> None:
        super().__init__()
        self.scenario = scenario
        self.policy = policy
        self.compare = compare


class Filter(Input):
    """The words that the scenarios shown must have in them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.leave", "Show all again", show=False),
        Binding("down,tab", "screen.to_list", "To the list", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="filter", compact=True, placeholder="words of the name or the lesson")


class PickList(OptionList):
    """A list in which the mouse first chooses, and then opens."""

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked; only what is chosen already is opened."""
        clicked = event.style.meta.get("option")
        if clicked is not None and clicked != self.highlighted:
            self.highlighted = clicked
            event.prevent_default()


class PickerScreen(KeyedScreen):
    """Lists what ships to be run, with what it teaches and comes to, and the policies."""

    def __init__(
        self,
        commands: Iterable[Command],
        policy: Policy | None = None,
        scenario: str = "",
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(commands, id=id)
        self._given = policy
        self._first = scenario or HEADLINE
        self._entries = tuple(map(_entry, shipped_names()))
        self.ways_out = (self._show_all,)

    def compose(self) -> ComposeResult:
        """Yield the filter, the two lists, and below them what the scenario teaches."""
        given, names = self._given, policy_names()
        if given is not None and given.name not in names:
            names = (given.name, *names)
        yield Static("kvmcache-tui: when does a vCPU see stale memory?", id="picker-title")
        yield Filter()
        with Horizontal(id="lists"):
            with Vertical(id="scenario-side"):
                yield Static(id="scenario-title", classes="list-title", markup=False)
                yield PickList(id="scenarios", markup=False)
            with Vertical(id="policy-side"):
                yield Static("policy of KVM", classes="list-title")
                yield PickList(
                    *(Option(name, id=name) for name in names), id="policies", markup=False
                )
        with VerticalScroll(id="lesson", can_focus=False):
            yield Static(id="teaches", markup=False)
        yield self.command_bar
        yield Static("Too small: the picker needs 60 x 18.", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Start at what was picked before, else at the headline, under the default policy."""
        policies = self.query_one("#policies", OptionList)
        chosen = DEFAULT_POLICY if self._given is None else self._given.name
        ids = [option.id for option in policies.options]
        policies.highlighted = ids.index(chosen) if chosen in ids else 0
        self._list(self._first)
        self.set_focus(self.query_one("#scenarios"))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the scenario under the cursor teaches, and comes to under the policy."""
        if event.option_list.id == "policies":
            self._list(self._scenario)
        self._teach()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what is picked in both lists."""
        self.action_open()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show only what matches."""
        self._list(self._scenario)
        self._teach()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to what is left."""
        self.action_to_list()

    def action_open(self) -> None:
        """Ask the app to open the scenario under the policy."""
        self._pick(compare=False)

    def action_compare(self) -> None:
        """Ask the app to compare the policy with upstream's."""
        self._pick(compare=True)

    def action_other_list(self) -> None:
        """Move between the two lists."""
        self.focus_next(OptionList)

    def action_filter(self) -> None:
        """Ask for words."""
        line = self.query_one(Filter)
        line.display = True
        self.set_focus(line)

    def action_to_list(self) -> None:
        """Leave the words as they are, and go to the list."""
        self.set_focus(self.query_one("#scenarios"))

    async def leave(self) -> None:
        """Go back to the run below, if there is one."""
        await self.run_action("app.leave_picker")

    def _show_all(self) -> bool:
        """Show all scenarios again; say whether some were not shown."""
        line = self.query_one(Filter)
        filtered = line.display
        if filtered:
            line.display = False
            line.value = ""
            self.action_to_list()
        return filtered

    @property
    def _scenario(self) -> str:
        return self._highlighted("#scenarios") or HEADLINE

    @property
    def _policy(self) -> str:
        return self._highlighted("#policies") or DEFAULT_POLICY

    def _highlighted(self, which: str) -> str | None:
        options = self.query_one(which, OptionList)
        if options.highlighted is None:
            return None
        return options.get_option_at_index(options.highlighted).id

    def _list(self, chosen: str) -> None:
        """List the scenarios that match, each with what it comes to under the policy."""
        words, policy = self.query_one(Filter).value, self._policy
        shown = [entry for entry in self._entries if entry.matches(words)]
        options = self.query_one("#scenarios", OptionList)
        options.set_options(Option(entry.line(policy), id=entry.name) for entry in shown)
        names = [entry.name for entry in shown]
        options.highlighted = names.index(chosen) if chosen in names else (0 if names else None)
        some = "" if len(shown) == len(self._entries) else f" {len(shown)} of {len(self._entries)}"
        title = self.query_one("#scenario-title", Static)
        title.update(f"scenario{some:17}under {policy}")

    def _teach(self) -> None:
        name, policy = self._highlighted("#scenarios"), self._policy
        entry = next((each for each in self._entries if each.name == name), None)
        text = (
            "No scenario has these words."
            if entry is None
            else entry.lesson(policy, _title(policy))
        )
        self.query_one("#teaches", Static).update(text)

    def _pick(self, *, compare: bool) -> None:
        name = self._highlighted("#scenarios")
        if name is None:
            return
        try:
            given, policy = self._given, self._policy
            compiled = given if given and given.name == policy else load_policy(policy)
            self.post_message(Picked(load_scenario(name), compiled, compare=compare))
        except RefusedError as error:
            self.notify(str(error), severity="error", markup=False)


@cache
def _entry(name: str) -> PickerEntry:
    """Return a scenario's entry; one that cannot be read says why."""
    try:
        return PickerEntry(name, load_scenario(name))
    except RefusedError as error:
        return PickerEntry(name, None, str(error))


@cache
def _title(policy: str) -> str:
    return policy_title(policy) if policy in policy_names() else ""
