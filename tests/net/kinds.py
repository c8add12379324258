"""What the net holds, by kind: compiled policies, verdicts, and every step of every schedule.

Most of it is what the command line prints. All names of the product's inside that the net needs
are in the import lines here.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import attrs

from engine.policy.policy import Options
from engine.timeline import Timeline
from scenarios.library import load_scenario
from scenarios.names import policy_names, scenario_names
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from tests.net.rendering import rendered
from tui.command_line.main import main
from tui.presenters.exports.mermaid import messages
from tui.presenters.scrubber.lanes import lanes
from tui.presenters.steps.labels import label
from tui.presenters.steps.sentence import sentence
from tui.presenters.steps.signs import Sign

ROOT: Final = Path(__file__).parents[2]
POLICIES: Final = ("upstream", "never", "vcpu0-only", "coalesced-set-way")
"""Under which every schedule is played: all, none and some of the flushes, and state and locks."""

_SOURCES: Final = (
    "scenarios/policies/*.c",
    "tests/**/*.c",
    "tests/review/cases/*.patch",
    "tests/scenarios/sources/corpus/*.[depmt]*",
)
_EXPORTS: Final = ("mail", "markdown", "itf")
_VERSION: Final = re.compile(r"\bkvmcache-tui \d[\w.+]*")

Rows = Iterator[tuple[str, str]]


@attrs.frozen
class Kind:
    """One kind of what is held: its inputs by name, and what the product makes of one."""

    inputs: Callable[[], tuple[str, ...]]
    rows: Callable[[str], Rows]
    """The input's name, or one that begins with it and a slash, and the text that is held."""
    quick: tuple[str, ...]
    """Inputs for every run of the tests."""


def _policy_inputs() -> tuple[str, ...]:
    found = {path for pattern in _SOURCES for path in ROOT.glob(pattern)}
    paths = {str(path.relative_to(ROOT)) for path in found if path.suffix != ".expected"}
    return (*policy_names(), *sorted(paths))


def _policy_rows(spec: str) -> Rows:
    """Yield a policy as it is compiled, or what the command line says where it is refused."""
    configs = _configs(spec)
    try:
        with chdir(ROOT):
            text = rendered(load_policy(spec, options=Options(configs=configs)))
    except Exception:
        options = [word for name, value in configs for word in ("--config", f"{name}={value}")]
        text = printed("run", "single-vcpu-boot", "--policy", spec, *options)
    yield spec, text


def _configs(spec: str) -> tuple[tuple[str, int], ...]:
    """Return the configuration that a file of the corpus is to be read with."""
    expected = (ROOT / spec).with_suffix(".toml")
    if not expected.is_file():
        return ()
    return tuple(tomllib.loads(expected.read_text("utf-8")).get("configs", {}).items())


def _verdict_rows(scenario: str) -> Rows:
    """Yield what `check` says of a scenario under each policy, but for the time it took."""
    out = printed("check", scenario, "--json")
    for result in json.loads(out.partition("\n")[2])["results"]:
        del result["seconds"]
        yield f"{scenario}/{result['policy']}", _as_json(result)


def _step_inputs() -> tuple[str, ...]:
    return tuple(f"{name}/{policy}" for name in scenario_names() for policy in POLICIES)


def _step_rows(name: str) -> Rows:
    """Yield a scenario's own run under a policy: told step by step, shared, and asked about."""
    scenario, _, policy = name.partition("/")
    of = (scenario, "--policy", policy)
    run = printed("run", *of, "--format", "json")
    yield f"{name}/steps", _told(_timeline(scenario, policy))
    yield f"{name}/json", run
    yield f"{name}/text", printed("run", *of)
    for form in _EXPORTS:
        yield f"{name}/{form}", printed("export", *of, "--format", form)
    yield f"{name}/answers", _answers(of, json.loads(run.partition("\n")[2]))


def _timeline(scenario: str, policy: str) -> Timeline:
    loaded = load_scenario(scenario)
    return play(loaded.machine(load_policy(policy)), loaded.schedule).timeline


def _told(timeline: Timeline) -> str:
    """Return each step's label, sentences and messages, then the lanes with all their signs."""
    blocks = (
        (
            f"{number}. {label(step)}",
            sentence(step),
            sentence(step, brief=True),
            *(rendered(item).rstrip("\n") for item in messages(step)),
        )
        for number, step in enumerate(timeline.steps, 1)
    )
    lines = [line for block in blocks for line in block]
    for lane in lanes(timeline):
        lines += [f"{lane.name}:", *(f"  {Sign(sign).name}" for sign in lane.signs)]
    return "".join(f"{line}\n" for line in lines)


def _answers(of: tuple[str, ...], run: dict[str, list[dict[str, int]]]) -> str:
    """Return what the debugger's prompt answers, at every step and of every finding."""
    scenario = tomllib.loads((ROOT / "scenarios" / f"{of[0]}.toml").read_text("utf-8"))
    words = tuple(scenario["memory"]["words"])
    seen = [f"sees[{vcpu}][{word}]" for vcpu in range(len(scenario["vcpu"])) for word in words]
    asked = [f"{kind}[{word}]" for kind in ("ram", "cache") for word in words] + seen
    whys = [f"why {each}" for each in asked]
    commands = ["info policy", "info findings", "info flushes"]
    for step in range(len(run["steps"]) + 1):
        commands += [f"goto {step}", "info step", "info memory", "info vcpus", "info policy"]
        commands += ["list"]
    commands += whys
    for number, finding in enumerate(run["findings"], 1):
        commands += [f"goto {finding['step']}", f"why finding {number}", *whys]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "commands"
        file.write_text("".join(f"{command}\n" for command in commands), "utf-8")
        return printed(*of, "--batch", str(file))


def printed(*arguments: str) -> str:
    """Return what a command comes to: its exit code, then what it prints, of any version."""
    out, err = StringIO(), StringIO()
    with chdir(ROOT), redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return f"exit {code}\n{_VERSION.sub('kvmcache-tui', out.getvalue() + err.getvalue())}"


def _as_json(document: object) -> str:
    return json.dumps(document, indent=2) + "\n"


KINDS: Final = {
    "policies": Kind(
        _policy_inputs,
        _policy_rows,
        quick=(
            "upstream",
            "coalesced-set-way",
            "tests/policies/once-by-cmpxchg.c",
            "tests/policies/switch-on-transition.c",
            "tests/policies/refused/struct-value.c",
            "tests/review/cases/vcpu0-gate.patch",
        ),
    ),
    "verdicts": Kind(scenario_names, _verdict_rows, quick=("single-vcpu-boot",)),
    "steps": Kind(
        _step_inputs,
        _step_rows,
        quick=("single-vcpu-boot/never", "secondary-stale-line/vcpu0-only"),
    ),
}
