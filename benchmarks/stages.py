"""The stages of opening the debugger, one after the other: `python -m benchmarks.stages FILE`.

In a process of its own, as nothing may be imported before its stage. Prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module


def main(file: str) -> None:
    """Print the seconds that each stage takes."""
    stages: dict[str, float] = {}
    since = time.perf_counter()

    def done(stage: str) -> None:
        nonlocal since
        stages[stage] = time.perf_counter() - since
        since = time.perf_counter()

    import_module("tui.command_line.main")

    done("import the command line")
    from benchmarks.long_run import POLICY
    from scenarios.library import load_scenario
    from scenarios.policy_library import load_policy
    from scenarios.schedule import play

    scenario = load_scenario(file)
    done("read the scenario")
    policy = load_policy(POLICY)
    done("compile the policy")
    import_module("textual.app")

    done("import Textual")
    import_module("tui.app")

    done("import the screens")
    play(scenario.machine(policy), scenario.schedule)
    done("play the schedule")
    json.dump(stages, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
