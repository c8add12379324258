"""The case that a command's arguments name."""

from __future__ import annotations

from scenarios.case import Case, hardware_options
from scenarios.hardware import fit
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.command_line.arguments import Reading


def opened_case(scenario_spec: str, policy_spec: str, how: Reading) -> Case:
    """Return the case that the user asked for, read as the options say.

    Raises:
        RefusedError: the scenario or the policy cannot be read.
    """
    scenario = fit(load_scenario(scenario_spec), how.hardware)
    policy = load_policy(policy_spec, options=how.options, base=how.base)
    options = (*how.words, *hardware_options(how.hardware))
    return Case(scenario, policy, scenario_spec, policy_spec, options, how.base)
