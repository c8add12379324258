from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.policy.policy import Options
from scenarios.hardware import HardwareChoice
from scenarios.policy_library import load_candidates
from tests.tui.reviewing import MAIL, POLICIES, code, report
from tui.command_line.arguments import Reading
from tui.command_line.exploration.matrix import CellSearch
from tui.command_line.subcommands.review_command import review
from tui.presenters.reply import review_as_mail
from tui.presenters.reports.review_text import review_as_text


def test_a_mail_gets_a_report_that_can_go_into_the_reply(
    mail: Path, golden: Callable[[str, str], None]
) -> None:
    golden("review-mail", report(mail.name))


def test_a_gated_change_is_reported_on_each_hardware(
    golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(POLICIES)
    golden("review-gated", report("gate-on-implementor.c"))


def test_what_had_to_be_assumed_is_told(mail: Path, golden: Callable[[str, str], None]) -> None:
    text = code("upstream").replace("trace_kvm_toggle_cache", "my_own_hook")
    gated = "#ifdef CONFIG_A\n\tif (0)\n#endif\n\t*vcpu_hcr(vcpu) &= ~HCR_TVM;"
    text = text.replace("\t*vcpu_hcr(vcpu) &= ~HCR_TVM;", gated)
    mail.write_text(MAIL.format(code("vcpu0-only").replace("HCR_TVM", "HCR_TVN"), text), "utf-8")

    golden("review-assumed", report(mail.name, Options((), ("my_own_hook",))))


def test_what_is_undetermined_is_told_as_such(
    mail: Path, golden: Callable[[str, str], None]
) -> None:
    golden("review-undetermined", report(f"{mail.name}#2", max_states=30))


STRAYING = """\
title = "A pointer that nobody set, and a label that nobody reaches"
teaches = "What a verdict does not speak of."
schedule = []
hardware = { pcpus = 1 }
memory = { words = { x = { address = 0x4000_0000 } } }
[[vcpu]]
program = "PROGRAM"
"""


@pytest.mark.parametrize("form", [review_as_text, review_as_mail])
@pytest.mark.parametrize(
    ("program", "verdict", "remark"),
    [
        (
            "ldr x0, [x1]",
            "undetermined",
            "the guest faults with upstream too: what would come after that is not judged",
        ),
        (
            "mov x0, #5; msr sctlr_el1, x0; b over; skipped: nop; over: nop",
            "safe",
            "no run reaches skipped of vcpu0",
        ),
    ],
)
def test_what_a_verdict_does_not_speak_of_is_said(
    program: str, verdict: str, remark: str, form: Callable[..., str], mail: Path
) -> None:
    (mail.parent / "straying.toml").write_text(STRAYING.replace("PROGRAM", program), "utf-8")

    how = Reading(Options(), None, HardwareChoice(), ())
    search = CellSearch(None, jobs=1, compare_all=True)
    made = review(mail.name, load_candidates(mail.name), ("./straying.toml",), how, search)
    told = " ".join(form(mail.name, made.candidates, 1, interrupted=False).split())

    assert f"1. code at lines 7-20 of the mail: {verdict}" in told
    assert f"./straying.toml: {remark}" in told
