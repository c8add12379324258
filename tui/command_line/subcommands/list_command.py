"""`list`: the scenarios, the general guests and the built-in policies, a line each."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Final

from scenarios.names import (
    general_names,
    policy_names,
    policy_title,
    scenario_names,
    scenario_title,
)
from tui.command_line.output import say
from tui.command_line.parser import Subparsers, new_command
from tui.exit_codes import PASSED
from tui.presenters.tool import tool

VERSION: Final = 1


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "list",
        "list",
        "list --json",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the list."""
    policies = tuple((name, policy_title(name)) for name in policy_names())
    if arguments.json:
        say(_json(policies))
        return PASSED
    titles = tuple((name, scenario_title(name)) for name in scenario_names())
    general = tuple((name, scenario_title(name)) for name in general_names())
    width = max(len(name) for name, _ in (*titles, *general, *policies))
    say(_table("scenarios", titles, width))
    say(_table("general guests", general, width))
    say(_table("policies", policies, width))
    return PASSED


def _table(title: str, rows: Iterable[tuple[str, str]], width: int) -> str:
    return f"{title}\n" + "".join(f"  {name:<{width}}  {caption}\n" for name, caption in rows)


def _json(policies: Iterable[tuple[str, str]]) -> str:
    # What is merely listed as text need not wait for the reader of scenarios.
    import json

    from scenarios.library import load_scenario

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
            for one in map(load_scenario, scenario_names())
        ],
        "general_guests": [
            {
                "name": one.name,
                "title": one.title,
                "teaches": one.teaches,
                "vcpus": len(one.vcpus),
            }
            for one in map(load_scenario, general_names())
        ],
        "policies": [{"name": name, "title": title} for name, title in policies],
    }
    return json.dumps(document, indent=2) + "\n"
