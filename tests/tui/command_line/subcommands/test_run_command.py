from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.tui.command_line.goldens import golden_text
from tui.command_line.main import main

ROOT = Path(__file__).parents[4]
HEADLINE = "secondary-stale-line"

MAIL = """\
From: A Reader <reader@example.org>
Subject: flushing less
Date: Thu, 1 May 2025 10:00:00 +0000

Hello, this is what happens now:

{now}
and this is what I have in mind:

{then}
Would that do?
"""

CASES = [
    (HEADLINE, policy, form, f"{HEADLINE}.{policy}.{suffix}", code)
    for policy, code in (("upstream", 0), ("vcpu0-only", 1))
    for form, suffix in (("text", "txt"), ("json", "json"))
]


def run_json(
    capsys: pytest.CaptureFixture[str], scenario: str, policy: str
) -> tuple[int, dict[str, Any]]:
    code = main(["run", scenario, "--policy", policy, "--format", "json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, document


def code_of(policy: str) -> str:
    """Return a built-in policy's function without the comment above it."""
    text = files("scenarios").joinpath(f"policies/{policy}.c").read_text("utf-8")
    return text[text.index("void ") :]


@pytest.mark.parametrize(("scenario", "policy", "form", "golden", "code"), CASES)
def test_a_run_prints_what_it_always_printed(
    scenario: str,
    policy: str,
    form: str,
    golden: str,
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", scenario, "--policy", policy, "--format", form]) == code

    out, err = capsys.readouterr()
    assert err == ""
    assert out == golden_text(golden)


@pytest.mark.parametrize(("scenario", "policy", "form", "golden", "code"), CASES)
@pytest.mark.parametrize("seed", ["0", "4711"])
def test_a_run_gives_the_same_bytes_in_a_fresh_process(
    scenario: str, policy: str, form: str, golden: str, code: int, seed: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "run", scenario, "--policy", policy, "--format", form],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (code, b"")
    assert done.stdout == golden_text(golden).encode()


def test_upstream_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", HEADLINE]) == 0

    golden = golden_text(f"{HEADLINE}.upstream.txt")
    assert capsys.readouterr().out == golden


def test_a_finding_has_the_load_the_exact_step_and_the_cause(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, document = run_json(capsys, HEADLINE, "vcpu0-only")

    assert (code, document["verdict"], document["flushes"], document["lines_flushed"]) == (
        1,
        "unsafe",
        1,
        1,
    )
    assert document["findings"] == [
        {
            "kind": "stale",
            "actor": "vcpu1",
            "word": "x",
            "step": 26,
            "exact": 24,
            "cause": 20,
            "version": {"number": 0, "value": 0},
            "entitled": 1,
        }
    ]
    cause, exact, load = (document["steps"][number - 1]["effects"] for number in (20, 24, 26))
    assert [effect["type"] for effect in cause] == ["ConditionDecided", "FlushSkipped"]
    assert {key: cause[1][key] for key in ("vcpu", "text", "operands", "outcome")} == {
        "vcpu": "vcpu1",
        "text": "vcpu->vcpu_id == 0",
        "operands": [{"text": "vcpu->vcpu_id", "value": 1}],
        "outcome": False,
    }
    assert exact == [{"type": "ReturnedToGuest", "vcpu": "vcpu1"}]
    assert load == [
        {
            "type": "Loaded",
            "actor": "vcpu1",
            "word": "x",
            "version": {"number": 0, "value": 0},
            "memory_type": "Normal Write-Back",
            "source": "cache",
        }
    ]


@pytest.mark.parametrize(("number", "built_in"), [(1, "upstream"), (2, "vcpu0-only")])
def test_a_candidate_of_a_mail_runs_as_the_built_in_policy_with_its_code(
    number: int, built_in: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mail.txt"
    path.write_text(MAIL.format(now=code_of("upstream"), then=code_of("vcpu0-only")), "utf-8")

    code, ours = run_json(capsys, HEADLINE, built_in)
    same_code, theirs = run_json(capsys, HEADLINE, f"{path}#{number}")

    for document in (ours, theirs):
        for step in document["steps"]:
            for effect in step["effects"]:
                effect.pop("place", None)
    assert theirs.pop("policy") == f"mail.txt#{number}"
    assert ours.pop("policy") == built_in
    assert (theirs.pop("expected"), ours.pop("expected") is None) == (None, False)
    assert (same_code, theirs) == (code, ours)


def test_entries_that_were_passed_over_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = files("scenarios").joinpath("single-vcpu-boot.toml").read_text("utf-8")
    path = tmp_path / "made.toml"
    path.write_text(text.replace('"fill x on pcpu0"', '"evict x"'), "utf-8")

    code, document = run_json(capsys, str(path), "upstream")

    why = "no cache has the line of x"
    assert (code, document["skipped"]) == (0, [{"entry": 1, "text": "evict x", "why": why}])

    main(["run", str(path)])

    assert f"\npassed over: entry 1, 'evict x': {why}\n" in capsys.readouterr().out


def test_a_schedule_without_end_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loop.toml"
    path.write_text(
        'title = "t"\nteaches = "t"\nschedule = ["vcpu0 finish"]\nhardware = { pcpus = 1 }\n'
        'memory = { words = { x = { address = 0 } } }\nvcpu = [{ program = "1: b 1b" }]\n',
        "utf-8",
    )

    assert main(["run", str(path)]) == 2
    assert capsys.readouterr() == (
        "",
        f"kvmcache-tui: {path}: schedule[0]: found more than 10000 steps at 'vcpu0 finish'; "
        "expected an entry that ends\n",
    )


def test_the_options_that_say_how_to_read_a_policy_are_said_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.c"
    path.write_text(code_of("vcpu0-only").replace("trace_kvm_toggle_cache", "hook"), "utf-8")
    vouched = ("--assume-no-effect", "hook", "--implementor", "0x48")

    assert main(["run", HEADLINE, "--policy", str(path), *vouched]) == 1

    assert capsys.readouterr().out.endswith(
        f"see it    kvmcache-tui {HEADLINE} --policy {path} --assume-no-effect hook "
        "--implementor hisilicon --at 24\n"
    )


def test_a_run_that_is_not_finished_is_undetermined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.toml"
    text = files("scenarios").joinpath(f"{HEADLINE}.toml").read_text("utf-8")
    begin, end = text.index("schedule = ["), text.index("\n]\n") + 3
    text = text.replace(text[begin:end], 'schedule = ["vcpu0 finish"]\n')
    path.write_text(re.sub(r"\nentry = \d+\n", "\nentry = 1\n", text), "utf-8")

    code, document = run_json(capsys, str(path), "never")

    assert (code, document["verdict"], document["findings"]) == (3, "undetermined", [])


@pytest.mark.parametrize(
    ("policy", "expect", "code", "met"),
    [
        ("upstream", '"safe"', 0, None),
        ("never", '["stale"]', 1, None),
        ("never", '["lost"]', 1, False),
        ("vcpu0-only", None, 1, None),
    ],
)
def test_a_run_says_what_is_expected_and_can_show_no_more_than_that_it_is_not_so(
    policy: str,
    expect: str | None,
    code: int,
    met: bool | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    begin = files("scenarios").joinpath(f"{HEADLINE}.toml").read_text("utf-8")
    path = tmp_path / "mine.toml"
    line = "" if expect is None else f"{policy} = {expect}\n"
    path.write_text(f"{begin.partition('[expect]')[0]}[expect]\n{line}", "utf-8")
    kinds = {'"safe"': [], '["stale"]': ["stale"], '["lost"]': ["lost"], None: None}[expect]

    exit_code, document = run_json(capsys, str(path), policy)
    assert (exit_code, document["expected"], document["met"]) == (code, kinds, met)

    main(["run", str(path), "--policy", policy])
    told = "expected  lost, by the scenario: not met\n"
    assert (told in capsys.readouterr().out) is (met is False)


def test_with_fwb_nothing_is_stale(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", HEADLINE, "--policy", "never", "--fwb", "on"]) == 0
    assert "verdict   this run: safe" in capsys.readouterr().out


def test_places_in_a_mail_are_lines_of_that_mail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mail.txt"
    path.write_text(MAIL.format(now=code_of("upstream"), then=code_of("vcpu0-only")), "utf-8")
    lines = path.read_text("utf-8").split("\n")

    _, document = run_json(capsys, HEADLINE, f"{path}#2")

    place = document["steps"][19]["effects"][0]["place"]
    assert place["source"] == "mail.txt#2"
    assert lines[place["line"] - 1].strip() == "if (vcpu->vcpu_id == 0)"
    assert place["end_line"] == place["line"]


STRAYING = """\
title = "A pointer that nobody set"
teaches = "A guest that stops proves nothing."
schedule = ["vcpu0 finish"]
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
program = "PROGRAM"
"""


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        ("ldr x0, [x1]", "accesses 0x0 at step 1, which is no guest RAM, and stops"),
        ("dc cvac, x1", "accesses 0x0 at step 1, which is no guest RAM, and stops"),
        ("b out; nop; out:", "goes where its program has no instruction at step 1, and stops"),
    ],
)
def test_a_guest_that_faults_is_no_pass(
    program: str, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "straying.toml"
    file.write_text(STRAYING.replace("PROGRAM", program), "utf-8")

    assert main(["run", str(file)]) == 1
    assert f"FAULT: vcpu0 {verdict}\n" in capsys.readouterr().out

    code, document = run_json(capsys, str(file), "upstream")
    assert code == 1
    assert document["findings"] == [
        {
            "kind": "fault",
            "actor": "vcpu0",
            "word": None,
            "step": 1,
            "exact": None,
            "cause": None,
            "version": None,
            "entitled": None,
        }
    ]
