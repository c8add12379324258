from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.reviewing import MAIL, POLICIES, code, report
from tui.command_line.main import main
from tui.presenters.reply import review_as_mail


def test_a_reply_has_the_verdicts_first_and_the_shortest_run_as_a_diagram(
    mail: Path, golden: Callable[[str, str], None]
) -> None:
    golden("reply-mail", report(str(mail), form=review_as_mail))


def test_a_reply_on_a_file_of_the_senders_own_carries_its_c(
    golden: Callable[[str, str], None],
) -> None:
    golden("reply-gated", report(str(POLICIES / "gate-on-implementor.c"), form=review_as_mail))


def test_a_reply_never_says_safe_of_what_is_undetermined(
    mail: Path, golden: Callable[[str, str], None]
) -> None:
    text = report(f"{mail}#2", max_states=30, form=review_as_mail)
    golden("reply-undetermined", text)


def test_a_reply_tells_why_a_candidate_cannot_be_judged(mail: Path) -> None:
    bad = code("upstream").replace("HCR_TVM", "HCR_TVN")
    mail.write_text(MAIL.format(bad, code("vcpu0-only")), "utf-8")

    text = report(str(mail), form=review_as_mail)

    line = mail.read_text("utf-8").split("\n").index("\t\t*vcpu_hcr(vcpu) &= ~HCR_TVN;") + 1
    assert f"\nmail.txt:{line}:23: found `HCR_TVN`; expected " in text.replace("\n  ", " ")


def test_no_reply_names_where_the_senders_files_lie(
    mail: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = mail.with_name("mmu.c")
    base.write_text(f"static int unrelated;\n\n{code('upstream')}", "utf-8")
    monkeypatch.chdir("/")

    assert (
        main(["review", str(mail), "--base", str(base), "--format", "mail", "--no-every-guest"])
        == 1
    )

    out = capsys.readouterr().out
    assert str(mail.parent) not in out
    assert "--policy 'mail.txt#2' --base mmu.c" in out.replace(" \\\n    ", " ")


def test_what_a_reply_says_to_type_opens_the_run_it_tells(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", str(mail), "--format", "mail", "--no-every-guest"]) == 1
    told = capsys.readouterr().out
    command = told[told.index("  kvmcache-tui scenario") :].split("\n\n")[0]
    words = shlex.split(command.replace("\\\n", ""))
    Path("commands.txt").write_text("info findings\n", "utf-8")

    assert main([*words[1:], "--batch", "commands.txt"]) == 0

    assert "vcpu1 loads x = 0 at step 13 but wrote 1" in capsys.readouterr().out
