"""Play every shipped scenario, and every built-in policy, with the installed command."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HEADLINE = "secondary-stale-line"
POLICIES = ("upstream", "vcpu0-only", "never")


def plays(command: str, scenario: str, policy: str) -> str | None:
    """Return what is wrong with a run: no verdict, or an exit code that its JSON denies."""
    words = ["run", scenario, "--policy", policy, "--format", "json"]
    run = subprocess.run([command, *words], check=False, capture_output=True)
    verdict = {0: "safe", 1: "unsafe", 3: "undetermined"}.get(run.returncode)
    if verdict is not None and json.loads(run.stdout)["verdict"] == verdict:
        return None
    return f"{' '.join(words)}: exit {run.returncode}\n{run.stderr!r}\n"


def main(command: str) -> int:
    """Play every scenario under three policies, and the headline under all; 1 if any is wrong."""
    listed = subprocess.run([command, "list", "--json"], check=True, capture_output=True)
    library = json.loads(listed.stdout)
    every = [policy["name"] for policy in library["policies"]]
    runs = [
        (scenario["name"], policy)
        for scenario in library["scenarios"]
        for policy in (every if scenario["name"] == HEADLINE else POLICIES)
    ]
    with ThreadPoolExecutor() as pool:
        wrong = [said for said in pool.map(lambda run: plays(command, *run), runs) if said]
    sys.stderr.write("".join(wrong))
    sys.stdout.write(f"installed wheel: {len(runs) - len(wrong)} passed, {len(wrong)} failed\n")
    return 1 if wrong or not runs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
