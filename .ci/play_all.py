"""Play every shipped scenario under every built-in policy with the installed command."""

from __future__ import annotations

import json
import subprocess
import sys


def main(command: str) -> int:
    """Return 1 if some run gave neither verdict, or its exit code and its JSON disagree."""
    listed = subprocess.run([command, "list", "--json"], check=True, capture_output=True)
    library = json.loads(listed.stdout)
    failed = played = 0
    for scenario in library["scenarios"]:
        for policy in library["policies"]:
            words = ["run", scenario["name"], "--policy", policy["name"], "--format", "json"]
            run = subprocess.run([command, *words], check=False, capture_output=True)
            verdict = {0: "holds", 1: "refuted"}.get(run.returncode)
            if verdict is None or json.loads(run.stdout)["verdict"] != verdict:
                sys.stderr.write(f"{' '.join(words)}: exit {run.returncode}\n{run.stderr!r}\n")
                failed += 1
            played += 1
    sys.stdout.write(f"installed wheel: {played - failed} passed, {failed} failed\n")
    return 1 if failed or not played else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
