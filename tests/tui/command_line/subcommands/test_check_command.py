from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.tui.command_line.terminal import COLUMNS, run_on_terminal
from tui.command_line.main import main
from tui.presenters.tool import tool

ROOT = Path(__file__).parents[4]
HEADLINE = "secondary-stale-line"
FEW = (
    *("boot-on-vcpu1", HEADLINE, "message-before-enable"),
    *("--policy", "upstream", "--policy", "vcpu0-only", "--policy", "never"),
)
POLICIES = ROOT / "tests" / "policies"
ENDLESS = """\
title = "Two vCPUs that count: every state of it takes hours to visit"
teaches = "Patience."
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0 } } }
[[vcpu]]
registers = { x0 = 0x8000 }
program = "1: sub x0, x0, #1\\n cbnz x0, 1b"
[[vcpu]]
registers = { x0 = 0x8000 }
program = "1: sub x0, x0, #1\\n cbnz x0, 1b"
"""

RESULT = [
    *(
        "scenario",
        "policy",
        "verdict",
        "reason",
        "introduced_by_policy",
        "expected",
        "met",
        "findings",
    ),
    *("states", "transitions", "seconds", "flushes", "lines_flushed", "unreached"),
]
FINDING = [
    *("kind", "actor", "word", "step", "exact", "cause", "sentence", "place", "if", "trace"),
]


@pytest.fixture
def endless(tmp_path: Path) -> str:
    path = tmp_path / "endless.toml"
    path.write_text(ENDLESS, "utf-8")
    return str(path)


def check_json(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, list[dict[str, Any]]]:
    code = main(["check", "--json", *arguments])
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["version", "tool", "candidates", "results", "errors"]
    assert (document["version"], document["tool"], document["errors"]) == (2, tool(), [])
    return code, document["results"]


def without_seconds(text: str) -> str:
    return "".join(line for line in text.splitlines(True) if '"seconds"' not in line)


def shipped(name: str) -> str:
    return files("scenarios").joinpath(f"{name}.toml").read_text("utf-8")


def test_the_report_has_safety_and_cost_side_by_side(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    code = main(["check", *FEW, "--exhaustive"])

    out, err = capsys.readouterr()
    assert (code, err) == (1, "")
    assert max(map(len, out.splitlines())) <= 80
    golden("check-few", out)


def test_one_scenario_needs_no_matrix(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    code = main(["check", HEADLINE, "--policy", "upstream", "--exhaustive"])

    assert code == 0
    golden("check-safe", capsys.readouterr().out)


def test_what_is_undetermined_is_never_shown_as_safe(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    policies = ("--policy", "upstream", "--policy", "vcpu0-only")
    code = main(["check", HEADLINE, *policies, "--exhaustive", "--max-states", "9"])

    out = capsys.readouterr().out
    assert code == 3
    assert not any("  safe  " in line for line in out.splitlines())
    golden("check-undetermined", out)


def test_long_names_have_lines_of_their_own(
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    gated = ("--policy", "tests/policies/gate-on-implementor.c")
    code = main(["check", "boot-on-vcpu1", HEADLINE, *gated, "--exhaustive"])

    out = capsys.readouterr().out
    assert code == 1
    assert max(map(len, out.splitlines())) <= 80
    golden("check-gated", out)


def test_the_json_has_the_keys_that_programs_know(capsys: pytest.CaptureFixture[str]) -> None:
    code, results = check_json(capsys, *FEW)

    assert code == 1
    assert [list(result) for result in results] == [RESULT] * 9
    assert [(result["scenario"], result["policy"]) for result in results[:4]] == [
        ("boot-on-vcpu1", "upstream"),
        ("boot-on-vcpu1", "vcpu0-only"),
        ("boot-on-vcpu1", "never"),
        (HEADLINE, "upstream"),
    ]
    for result in results:
        assert all(list(finding) == FINDING for finding in result["findings"])
        assert list(result["flushes"]) == list(result["lines_flushed"]) == ["min", "max"]
        assert isinstance(result["seconds"], float)


def test_the_json_tells_the_shortest_counterexample(capsys: pytest.CaptureFixture[str]) -> None:
    _, (result,) = check_json(capsys, HEADLINE, "--policy", "vcpu0-only", "--exhaustive")

    trace = result["findings"][0].pop("trace")
    assert result.pop("seconds") >= 0
    assert result == {
        "scenario": HEADLINE,
        "policy": "vcpu0-only",
        "verdict": "unsafe",
        "reason": None,
        "introduced_by_policy": True,
        "expected": ["stale"],
        "met": True,
        "findings": [
            {
                "kind": "stale",
                "actor": "vcpu1",
                "word": "x",
                "step": 13,
                "exact": 11,
                "cause": 7,
                "sentence": "STALE: vcpu1 loads x = 0 at step 13 but wrote 1; exact step 11, "
                "cause step 7 (flush skipped)",
                "place": {
                    "file": "vcpu0-only.c",
                    "line": 12,
                    "column": 7,
                    "text": "vcpu->vcpu_id == 0",
                },
                "if": [],
            }
        ],
        "states": 560,
        "transitions": 1570,
        "flushes": {"min": 1, "max": 1},
        "lines_flushed": {"min": 1, "max": 1},
        "unreached": [],
    }
    assert len(trace) == 13
    assert trace.count("fill x on pcpu0") == 1


def test_a_cause_that_is_no_statement_of_the_policy_has_no_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, (result,) = check_json(capsys, "psci-off-and-on", "--policy", "upstream")

    assert [(one["cause"] is None, one["place"]) for one in result["findings"]] == [(False, None)]


def test_bad_input_is_in_the_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("title = 1\nteaches = 2\n", "utf-8")

    assert main(["check", str(path), "--json"]) == 2

    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["results"] == []
    assert document["errors"][0] == {
        "file": str(path),
        "line": None,
        "column": None,
        "found": document["errors"][0]["found"],
        "expected": document["errors"][0]["expected"],
        "sentence": err.splitlines()[0].removeprefix("kvmcache-tui: "),
    }
    assert len(document["errors"]) > 1


def test_the_formats_have_short_names(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for form in (("--format", "json"), ("--json",), ("--format", "markdown"), ("--markdown",)):
        assert main(["check", HEADLINE, "--policy", "upstream", *form]) == 0
        told.append(without_seconds(capsys.readouterr().out))

    assert (told[0], told[2]) == (told[1], told[3])
    assert told[0].startswith("{")
    assert told[2].startswith("| scenario ")


def test_a_guests_own_mistake_is_not_introduced_by_the_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, results = check_json(capsys, "message-before-enable", "--policy", "never")

    assert [(one["verdict"], one["introduced_by_policy"]) for one in results] == [("unsafe", False)]


def test_where_upstream_is_undetermined_the_json_says_null(
    capsys: pytest.CaptureFixture[str],
) -> None:
    few_states = ("--max-states", "20")
    code, results = check_json(capsys, HEADLINE, "--policy", "vcpu0-only", *few_states)

    assert (code, results[0]["verdict"], results[0]["introduced_by_policy"]) == (1, "unsafe", None)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_same_bytes_but_for_the_seconds_whoever_explores(
    jobs: str, seed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--json", *FEW])
    here = capsys.readouterr().out

    done = subprocess.run(
        [sys.executable, "-m", "tui", "check", "--json", *FEW, "--jobs", jobs],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert without_seconds(done.stdout) == without_seconds(here)


def test_a_policy_that_asks_for_hardware_is_checked_on_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = str(POLICIES / "gate-on-implementor.c")
    _, results = check_json(capsys, HEADLINE, "--policy", path)

    assert [(one["policy"], one["verdict"]) for one in results] == [
        (f"{path} --implementor hisilicon", "unsafe"),
        (f"{path} --implementor arm", "safe"),
    ]

    code, results = check_json(capsys, HEADLINE, "--policy", path, "--implementor", "0x70")

    assert (code, [(one["policy"], one["verdict"]) for one in results]) == (0, [(path, "safe")])


def test_fwb_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    code, results = check_json(capsys, HEADLINE, "--policy", "never", "--fwb", "on")

    assert (code, results[0]["policy"], results[0]["verdict"]) == (0, "never", "safe")


def test_options_of_the_policy_are_said_again_in_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.c"
    never = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
    path.write_text(never.replace("trace_kvm_toggle_cache", "my_own_hook"), "utf-8")
    vouched = ("--assume-no-effect", "my_own_hook", "--config", "CONFIG_X=y")

    assert main(["check", HEADLINE, "--policy", str(path), *vouched]) == 1

    command = capsys.readouterr().out.replace(" \\\n     ", "")
    assert (
        f"kvmcache-tui scenario {HEADLINE} --policy {path} --config CONFIG_X=1 "
        "--assume-no-effect my_own_hook --counterexample stale --at 9\n"
    ) in command


def test_an_expectation_that_is_not_met_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "made.toml"
    text = shipped(HEADLINE)
    text = text.replace('upstream = "safe"', 'upstream = ["lost"]')
    path.write_text(text.replace('never = ["stale"]', 'never = "safe"'), "utf-8")
    policies = ("--policy", "upstream", "--policy", "never", "--policy", "vcpu0-only")

    assert main(["check", str(path), *policies]) == 1

    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if re.search(r"\[expect\]|expectations", line)] == [
        "  upstream: [expect] not met: expected lost, found safe",
        "  never: [expect] not met: expected safe, found stale",
        "  [expect] met for vcpu0-only",
        "3 expectations: 1 met, 2 not met, 0 undetermined",
    ]


NOTHING_HAPPENS = """\
title = "A guest that does nothing"
teaches = "Nothing can go wrong."
schedule = ["vcpu0 finish"]
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0 } } }
vcpu = [{ program = "nop" }]
[expect]
"""


@pytest.mark.parametrize(
    ("expect", "arguments", "code", "met"),
    [
        ('never = "safe"', (), 0, [None, True]),
        ('never = ["stale"]', (), 1, [None, False]),
        ('upstream = "safe"\nnever = ["stale", "lost"]', (), 1, [True, False]),
        ('never = "safe"', ("--expect",), 0, [True]),
        ('upstream = "safe"\nnever = "safe"', ("--expect",), 0, [True, True]),
        ('upstream = "safe"\nnever = ["stuck"]', ("--expect",), 1, [True, False]),
    ],
)
def test_an_expectation_that_is_not_met_fails_where_all_is_safe(
    expect: str,
    arguments: tuple[str, ...],
    code: int,
    met: list[bool | None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "nothing.toml"
    path.write_text(f"{NOTHING_HAPPENS}{expect}\n", "utf-8")
    policies = () if arguments else ("--policy", "upstream", "--policy", "never")

    exit_code, results = check_json(capsys, "--file", str(path), *policies, *arguments)

    assert (exit_code, [one["met"] for one in results]) == (code, met)
    assert {one["verdict"] for one in results} == {"safe"}


def test_what_is_unsafe_as_expected_fails_unless_that_is_the_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("boot-on-vcpu1", "--policy", "never", "--policy", "upstream")

    code, results = check_json(capsys, *asked)
    expected, same = check_json(capsys, *asked, "--expect")

    assert (code, expected) == (1, 0)
    for found in (results, same):
        assert [(one["verdict"], one["expected"], one["met"]) for one in found] == [
            ("unsafe", ["stale"], True),
            ("safe", [], True),
        ]


def test_an_expectation_that_is_open_is_undetermined(capsys: pytest.CaptureFixture[str]) -> None:
    asked = (HEADLINE, "--expect", "--policy", "upstream", "--max-states", "9")
    code, results = check_json(capsys, *asked)

    assert (code, [(one["expected"], one["met"]) for one in results]) == (3, [([], None)])
    assert main(["check", *asked]) == 3
    assert "  [expect] undetermined for upstream\n" in capsys.readouterr().out


def test_a_file_of_which_a_scenario_expects_something_is_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    never = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
    (tmp_path / "there" / "mine.c").write_text(never, "utf-8")
    expect = 'upstream = "safe"\n"mine.c" = ["stale"]\n'
    begin = shipped("boot-on-vcpu1").partition("[expect]")[0]
    (tmp_path / "there" / "boot.toml").write_text(f"{begin}[expect]\n{expect}", "utf-8")
    monkeypatch.chdir(tmp_path)

    code, results = check_json(capsys, "there/boot.toml", "--expect")

    assert (code, [(one["policy"], one["met"]) for one in results]) == (
        0,
        [("upstream", True), ("there/mine.c", True)],
    )
    monkeypatch.chdir(tmp_path / "there")
    code, results = check_json(capsys, "../there/boot.toml", "--policy", "./mine.c")
    assert (code, [(one["expected"], one["met"]) for one in results]) == (1, [(["stale"], True)])


def test_a_file_that_is_expected_and_not_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nothing.toml"
    path.write_text(f'{NOTHING_HAPPENS}"mien.c" = "safe"\n', "utf-8")

    assert main(["check", str(path), "--expect"]) == 2

    assert capsys.readouterr().err.startswith(f"kvmcache-tui: {tmp_path / 'mien.c'}: found no ")


def test_what_is_expected_is_of_the_scenarios_own_hardware(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gated = ("vcpu0-only-one-vendor", "arm", [])
    asked = ("reboot-all-vcpus", "--policy", gated[0])
    _, results = check_json(capsys, *asked)
    assert [(one["policy"].split()[-1], one["expected"]) for one in results] == [
        ("phytium", None),
        ("arm", []),
    ]

    code, results = check_json(capsys, *asked, "--expect")
    assert (code, [(one["policy"], one["met"]) for one in results]) == (0, [(gated[0], True)])

    _, results = check_json(capsys, HEADLINE, "--policy", "never", "--fwb", "on")
    assert [(one["expected"], one["met"]) for one in results] == [(None, None)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (HEADLINE, "--expect", "--fwb", "on"),
            "found --expect with --fwb or --implementor; expected --expect alone: an [expect] "
            "speaks of the scenario's own hardware",
        ),
        (
            ("nothing.toml", "--expect"),
            "found no [expect] of any policy in 'nothing.toml'; expected a scenario that expects "
            "something of it",
        ),
        (
            ("nothing.toml", HEADLINE, "--expect", "--policy", "mine.c"),
            f"found no [expect] of 'mine.c' in 'nothing.toml' and '{HEADLINE}'; expected a "
            "scenario that expects something of it",
        ),
    ],
)
def test_an_expectation_is_never_met_for_want_of_one(
    arguments: tuple[str, ...],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "nothing.toml").write_text(NOTHING_HAPPENS, "utf-8")
    never = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
    (tmp_path / "mine.c").write_text(never, "utf-8")
    monkeypatch.chdir(tmp_path)

    assert main(["check", *arguments]) == 2
    assert capsys.readouterr() == ("", f"kvmcache-tui: {message}\n")


def test_a_file_is_a_scenario_whatever_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / HEADLINE).write_text(shipped("single-vcpu-boot"), "utf-8")
    monkeypatch.chdir(tmp_path)

    _, results = check_json(capsys, "--file", HEADLINE, HEADLINE, "--policy", "upstream")

    assert [one["scenario"] for one in results] == [HEADLINE, f"./{HEADLINE}"]


def test_what_is_asked_twice_is_checked_once(capsys: pytest.CaptureFixture[str]) -> None:
    policies = ("--policy", "never", "--policy", "never")
    _, results = check_json(capsys, HEADLINE, HEADLINE, *policies)

    assert len(results) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("secondary-stale",),
            "scenario: found 'secondary-stale'; expected a scenario's name or file; "
            f"did you mean '{HEADLINE}'?",
        ),
        (
            (HEADLINE, "--policy", "nevr"),
            "policy: found 'nevr'; expected a built-in policy's name or a file; "
            "did you mean 'never'?",
        ),
        (
            ("--file", "a\x1b[2J.toml"),
            "./a\\x1b[2J.toml: found No such file or directory; expected a readable file",
        ),
        (
            ("--base", "no/such.c"),
            "no/such.c: found no readable file (No such file or directory); expected a C file",
        ),
    ],
)
def test_bad_input_is_said_in_a_line(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *arguments]) == 2
    assert capsys.readouterr() == ("", f"kvmcache-tui: {message}\n")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--max-states", "0", "found '0'; expected a number, 1 or more"),
        ("--max-states", "9" * 5000, f"found '{'9' * 39}…'; expected a number, 1 or more"),
        ("--jobs", "257", "found 257; expected 1 to 256"),
        ("--jobs", "-1", "found '-1'; expected a number, 1 or more"),
        ("--config", "X=y", "found 'X=y'; expected CONFIG_NAME=y, =n or =NUMBER"),
        ("--config", "CONFIG_X=m", "found 'CONFIG_X=m'; expected CONFIG_NAME=y, =n or =NUMBER"),
        ("--assume-no-effect", "a b", "found 'a b'; expected a C function's name"),
        (
            "--implementor",
            "hisilikon",
            "found 'hisilikon'; expected an implementor, or its number; did you mean 'hisilicon'?",
        ),
        ("--implementor", "0x1ff", "found '0x1ff'; expected 0 to 0xff"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    option: str, value: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", option, value]) == 2
    assert capsys.readouterr() == (
        "",
        f"kvmcache-tui: argument {option}: {message}\ntry: kvmcache-tui check --help\n",
    )


def test_a_deeply_nested_policy_is_explored_in_other_processes_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    never = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
    condition = "now_enabled" + " + 0" * 90
    path = tmp_path / "nested.c"
    path.write_text(never.replace("if (now_enabled)", f"if ({condition})"), "utf-8")

    code, results = check_json(capsys, HEADLINE, "--policy", str(path), "--jobs", "2")

    assert (code, results[0]["verdict"]) == (1, "unsafe")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_prints_what_is_established(jobs: str, endless: str) -> None:
    policies = ("--policy", "upstream", "--policy", "never")
    done = run_on_terminal(
        *("check", HEADLINE, endless, *policies, "--exhaustive", "--jobs", jobs),
        interrupt_at="2 of 4 done",
    )

    assert done.code == 130
    assert "  never     unsafe: stale 11     306          839     0..0   0..0\n" in done.out
    assert "  upstream: undetermined: cancelled\n" in done.out
    assert "Interrupted: what was not decided by then is undetermined.\n" in done.out
    assert "\n4 results: 1 safe, 1 unsafe, 2 undetermined\n" in done.out
    assert "Traceback" not in done.err


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_processes_that_explore_end_with_the_one_that_started_them(
    by: signal.Signals, endless: str
) -> None:
    policies = ("--policy", "upstream", "--policy", "never")
    words = ("check", HEADLINE, endless, *policies, "--exhaustive", "--jobs", "2")
    done = run_on_terminal(*words, interrupt_at="2 of 4 done", by=by)

    assert (done.code, done.out) == (-by, "")


def test_an_interrupt_leaves_the_json_whole(endless: str) -> None:
    done = run_on_terminal(
        *("check", endless, HEADLINE, "--policy", "upstream", "--exhaustive", "--json"),
        interrupt_at="0 of 2 done",
    )

    assert done.code == 130
    assert [one["verdict"] for one in json.loads(done.out)["results"]] == ["undetermined"] * 2


def test_progress_is_one_line_that_is_erased_in_the_end(endless: str) -> None:
    done = run_on_terminal(
        *("check", endless, "--policy", "upstream", "--exhaustive", "--max-states", "200000"),
    )

    *shown, blank, end = done.err.split("\r")[1:]
    assert done.code == 3
    assert all(len(text) < COLUMNS for text in shown)
    assert any("states, " in text and "/s, frontier " in text for text in shown)
    assert shown[0].startswith("0 of 1 done, endless under upstream, ")
    assert (blank.strip(), end) == ("", "")


STRAYING = """\
title = "A pointer with one wrong digit"
teaches = "A guest that stops proves nothing."
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
registers = { x1 = 0x4000_0008 }
program = "nop; str x2, [x1]; ldr x3, [x1]"
"""


@pytest.mark.parametrize("how", [(), ("--exhaustive",)])
def test_a_guest_that_faults_is_unsafe_and_commends_no_policy(
    how: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "straying.toml"
    file.write_text(STRAYING, "utf-8")

    code = main(["check", "--file", str(file), "--policy", "never", *how])
    out = capsys.readouterr().out
    assert code == 1
    assert "never   unsafe: fault 2" in out
    assert "never: vcpu0 accesses 0x40000008, no guest RAM, at step 2, with upstream too" in out
    assert "Cheapest safe policy: none is known to be safe on all that was checked" in out

    _, (result,) = check_json(capsys, "--file", str(file), "--policy", "never", *how)
    (finding,) = result["findings"]
    assert (result["verdict"], result["introduced_by_policy"]) == ("unsafe", False)
    assert [finding[key] for key in FINDING] == [
        *("fault", "vcpu0", None, 2, None, None),
        "FAULT: vcpu0 accesses 0x40000008 at step 2, which is no guest RAM, and stops",
        *(None, [], ["vcpu0", "vcpu0"]),
    ]


WAITING = """\
title = "A vCPU that waits for what nobody sends"
teaches = "What no run reaches is not judged."
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
registers = { x1 = 0x4000_0000 }
program = "poll: ldr x2, [x1]; cbz x2, poll; load: ldr x3, [x1]; again: b load"
[[vcpu]]
power = "off"
program = "start: nop"
"""


@pytest.mark.parametrize("how", [(), ("--exhaustive",)])
def test_what_no_run_of_a_safe_scenario_reaches_is_said(
    how: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "waiting.toml"
    file.write_text(WAITING, "utf-8")
    asked = ("--file", str(file), "--policy", "upstream", "--policy", "never", *how)

    assert main(["check", *asked]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  upstream and never: no run reaches load and again of vcpu0; start of vcpu1" in lines

    _, results = check_json(capsys, *asked)
    assert [result["unreached"] for result in results] == 2 * [
        [
            {"actor": "vcpu0", "label": "load"},
            {"actor": "vcpu0", "label": "again"},
            {"actor": "vcpu1", "label": "start"},
        ]
    ]


def test_where_not_all_was_explored_nobody_says_what_no_run_reaches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "waiting.toml"
    file.write_text(WAITING, "utf-8")
    asked = ("--file", str(file), "--policy", "upstream", "--exhaustive", "--max-states", "1")

    assert main(["check", *asked]) == 3
    assert "no run reaches" not in capsys.readouterr().out
    assert check_json(capsys, *asked)[1][0]["unreached"] is None


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_is_not_decided_in_the_time_given_is_undetermined(
    capsys: pytest.CaptureFixture[str], endless: str, jobs: str
) -> None:
    code, results = check_json(
        capsys, "--file", endless, "--policy", "upstream", "--timeout", "1", "--jobs", jobs
    )
    told = [(each["verdict"], each["reason"]) for each in results]
    assert (code, told) == (3, [("undetermined", "the time was over (--timeout 1)")])


def test_a_cell_of_which_no_run_completes_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "round.toml"
    path.write_text(ENDLESS.replace("sub x0, x0, #1", "nop").replace("cbnz x0, 1b", "b 1b"))
    code = main(["check", "--file", str(path), "--policy", "upstream"])
    text = " ".join(capsys.readouterr().out.split())
    assert code == 0
    assert "upstream: no run completes, somebody always goes on: there is no cost" in text


GATED = """\
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled && vcpu->vcpu_id < 8)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
"""


def test_what_no_run_shows_of_a_policy_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gated.c"
    path.write_text(GATED, "utf-8")
    where = ["off-and-on-again", "trap-without-toggle", "--policy", str(path)]

    assert main(["check", *where]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert (
        f"{path}: only ever true on these scenarios: `vcpu->vcpu_id < 8`, line 5 "
        "(kvm_toggle_cache())" in told
    )
    assert "undetermined over all" not in told

    assert main(["check", *where, "--json"]) == 0
    (candidate,) = json.loads(capsys.readouterr().out)["candidates"]
    assert (candidate["verdict"], candidate["never_run"]) == ("safe", [])
    assert candidate["one_way"] == [
        {"function": "kvm_toggle_cache", "line": 5, "text": "vcpu->vcpu_id < 8", "only": True}
    ]


@pytest.mark.parametrize(
    ("condition", "verdict", "exit_code"),
    [("on != was_enabled", "safe", 0), ("on != was_enabled && on != 5", "undetermined", 3)],
)
def test_what_all_that_ships_leaves_open_is_not_called_safe(
    condition: str,
    verdict: str,
    exit_code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "own.c"
    path.write_text(GATED.replace("on != was_enabled && vcpu->vcpu_id < 8", condition), "utf-8")
    ours = ["--policy", str(path), "--fwb", "on"]

    assert main(["check", *ours]) == exit_code
    told = " ".join(capsys.readouterr().out.split())
    assert ("Cheapest safe policy: none" in told) == (verdict == "undetermined")

    assert main(["check", *ours, "--json"]) == exit_code
    (candidate,) = json.loads(capsys.readouterr().out)["candidates"]
    assert candidate["verdict"] == verdict
