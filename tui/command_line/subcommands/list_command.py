"""`list`: the scenarios, the general guests and the built-in policies, a line each."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Final

from scenarios.library import general_names, load_scenario, scenario_names
from scenarios.policy_library import policy_names, policy_title
from scenarios.scenario import Scenario
from tui.command_line.arguments import Subparsers, new_command
from tui.command_line.output import say
from tui.exit_codes import PASSED
from tui.presenters.tool import tool

VERSION: Final = 1


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "list",
        "list the scenarios, the general guests and the built-in policies",
        "list",
        "list --json",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the list."""
    scenarios = tuple(load_scenario(name) for name in scenario_names())
    guests = tuple(load_scenario(name) for name in general_names())
    policies = tuple((name, policy_title(name)) for name in policy_names())
    if arguments.json:
        say(_json(scenarios, guests, policies))
    else:
        titles = tuple((one.name, one.title) for one in scenarios)
        general = tuple((one.name, one.title) for one in guests)
        width = max(len(name) for name, _ in (*titles, *general, *policies))
        say(_table("scenarios", titles, width))
        say(_table("general guests", general, width))
        say(_table("policies", policies, width))
    return PASSED


def _table(title: str, rows: Iterable[tuple[str, str]], width: int) -> str:
    return f"{title}\n" + "".join(f"  {name:<{width}}  {caption}\n" for name, caption in rows)


def _json(
    scenarios: Iterable[Scenario],
    guests: Iterable[Scenario],
    policies: Iterable[tuple[str, str]],
) -> str:
    document = {
        "version": VERSION,
        "tool": tool(),
        "scenarios": [
            {
                "name": one.name,
                "title": one.title,
                "teaches": one.teaches,
                "blame": one.blame,
                "expect": {
                    expected.policy: [kind.value for kind in expected.kinds] or "safe"
                    for expected in one.expect
                },
            }
            for one in scenarios
        ],
        "general_guests": [
            {
                "name": one.name,
                "title": one.title,
                "teaches": one.teaches,
                "vcpus": len(one.vcpus),
            }
            for one in guests
        ],
        "policies": [{"name": name, "title": title} for name, title in policies],
    }
    return json.dumps(document, indent=2) + "\n"
