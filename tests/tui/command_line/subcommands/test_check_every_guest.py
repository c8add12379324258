from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tui.command_line.checking import HEADLINE
from tui.command_line.main import main
from tui.presenters.reports.every_guest import FOOTNOTE

HALF = """\
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && (now_enabled || vcpu->vcpu_id == 0))
		stage2_flush_vm(vcpu->kvm);
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Return a check of what no scenario shows, and of what is safe for all but every guest."""
    monkeypatch.chdir(tmp_path)
    Path("half.c").write_text(HALF, "utf-8")
    return ("check", HEADLINE, "--policy", "upstream", "--policy", "half.c")


def test_a_check_asks_of_every_guest_where_it_is_told_to(
    asked: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked]) == 0
    assert "every guest" not in capsys.readouterr().out

    assert main([*asked, "--every-guest"]) == 1
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    _, answers = out.split("every guest       vCPUs")
    rows = [line.split() for line in answers.splitlines()[1:3]]
    assert [row[:2] for row in rows] == [["upstream", "safe"], ["half.c", "unsafe:"]]
    assert FOOTNOTE in " ".join(answers.split())
    assert "Cheapest safe policy: upstream (" in out


def test_the_json_has_the_answer_of_each_policy_built_in_or_not(
    asked: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, "--every-guest", "--json"]) == 1

    candidates: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["candidates"]
    told = [(each["policy"], each["every_guest"]["verdict"]) for each in candidates]
    assert told == [("upstream", "safe"), ("half.c", "unsafe")]
    assert [each["verdict"] for each in candidates] == ["safe", "unsafe"]
    assert [each["every_guest"]["vcpus"] for each in candidates] == [3, 2]


def test_the_markdown_has_a_row_for_every_guest(
    asked: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, "--every-guest", "--markdown"]) == 1

    lines = capsys.readouterr().out.splitlines()
    (row,) = (line for line in lines if line.startswith("| every guest"))
    assert row.startswith("| every guest | safe | **stale ")
    assert lines[-1].lower() == FOOTNOTE.lower()


def test_what_is_undetermined_for_every_guest_is_not_passed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ("--policy", "upstream", "--max-states", "400", "--every-guest")
    assert main(["check", HEADLINE, *options]) == 3
    told = " ".join(capsys.readouterr().out.split())
    assert "the limit on states was reached (--max-states 400)" in told


def test_the_answer_is_the_same_whoever_explores(
    asked: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*asked, "--every-guest"])
    here = capsys.readouterr().out

    main([*asked, "--every-guest", "--jobs", "2"])
    assert capsys.readouterr().out == here


def test_no_expectation_speaks_of_every_guest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", HEADLINE, "--expect", "--every-guest"]) == 2
    assert "--expect and --every-guest" in capsys.readouterr().err
