from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.tui.command_line.goldens import golden_text
from tests.tui.command_line.running import HEADLINE, run_json
from tui.command_line.main import main

ROOT = Path(__file__).parents[4]

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
