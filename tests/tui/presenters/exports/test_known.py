from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.command_line.goldens import golden_text
from tui.command_line.main import main

ROOT = Path(__file__).parents[4]


HEADLINE = "secondary-stale-line"


COUNTEREXAMPLE = f"{HEADLINE}.vcpu0-only.counterexample.mail.txt"


THREE = "fill x on pcpu0, vcpu1"


def test_the_mail_of_a_counterexample_says_what_every_interleaving_comes_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shortest = ("--policy", "vcpu0-only", "--counterexample", "stale")
    assert main(["export", HEADLINE, *shortest, "--format", "mail"]) == 0

    assert capsys.readouterr() == (golden_text(COUNTEREXAMPLE), "")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            ("--policy", "vcpu0-only", "--events", THREE),
            "Verdict, over every interleaving: unsafe: stale in 13 steps, introduced by the policy",
        ),
        (("--events", THREE), "Verdict, over every interleaving: safe ("),
        (
            ("--events", THREE, "--max-states", "3"),
            "Verdict, over every interleaving: undetermined: ",
        ),
    ],
)
def test_the_mail_of_any_run_says_what_every_interleaving_comes_to(
    options: tuple[str, ...], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", HEADLINE, *options, "--format", "mail"]) == 0

    out = capsys.readouterr().out
    assert line in out.replace("\n  ", " ")
    assert f"--events '{THREE}' --at 2" in out.replace(" \\\n   ", "")


def test_the_mail_of_a_run_never_says_safe_of_what_was_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream = (ROOT / "scenarios" / "policies" / "upstream.c").read_text("utf-8")
    path = tmp_path / "half.c"
    reset = "void vcpu_reset_hcr(struct kvm_vcpu *vcpu)\n{\n\tvcpu->arch.hcr_el2 = 0;\n}\n"
    path.write_text(f"{upstream}\n{reset}", "utf-8")
    run = ("--policy", str(path), "--events", THREE)

    assert main(["export", HEADLINE, *run, "--format", "mail"]) == 0

    out = capsys.readouterr().out.replace("\n  ", " ")
    verdict = "Verdict, over every interleaving: undetermined: vcpu_reset_hcr() (half.c,"
    assert verdict in out
