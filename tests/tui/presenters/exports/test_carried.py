from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from engine.policy.operations import Execute
from engine.policy.policy import Policy
from scenarios.case import Case
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from scenarios.sources.base import read_tree
from tui.presenters.exports.carried import MOST_LINES, Carried, carried
from tui.presenters.exports.mail import run_as_mail
from tui.presenters.exports.shared import SharedRun

UPSTREAM = files("scenarios").joinpath("policies/upstream.c").read_text("utf-8")


def case_of(path: Path, text: str, *bases: Path) -> Case:
    path.write_text(text, "utf-8")
    base = read_tree([str(each) for each in bases]) if bases else None
    options = tuple(("--base", str(each)) for each in bases)
    scenario, policy = load_scenario("boot-on-vcpu1"), load_policy(str(path), base=base)
    return Case(scenario, policy, scenario.name, str(path), options, base)


@pytest.mark.parametrize("spec", ["upstream", "mail.txt#2", "/home/somebody/v2.patch", "mail.txt"])
def test_what_others_have_is_not_sent(spec: str) -> None:
    policy = load_policy("upstream")
    assert carried(Case(load_scenario("fwb"), policy, "fwb", spec)) is None


def test_a_c_file_of_the_senders_own_is_sent_whole(tmp_path: Path) -> None:
    sent = carried(case_of(tmp_path / "mine.c", f"/* caf\u00e9 */\n{UPSTREAM}"))

    assert sent is not None
    assert sent.before == "The policy, as mine.c:"
    assert "\n".join(sent.lines) == f"/* cafe */\n{UPSTREAM}".expandtabs(8).rstrip("\n")
    assert sent.case.words() == (("kvmcache-tui", "boot-on-vcpu1"), ("--policy", "mine.c"))


def test_what_is_sent_is_the_policy_again(tmp_path: Path) -> None:
    case = case_of(tmp_path / "mine.c", UPSTREAM.replace("!= was", "> was"))
    sent = carried(case)
    assert sent is not None

    told = texts(case.policy)
    Path(case.policy_spec).write_text("\n".join(sent.lines), "utf-8")
    assert texts(load_policy(case.policy_spec)) == told


def texts(policy: Policy) -> list[str]:
    """Return the statements of a policy as they are written."""
    steps = (step for function in policy.functions for step in function.operations)
    return [step.text for step in steps if isinstance(step, Execute)]


LONG = "".join(f"static int unrelated{n};\n" for n in range(MOST_LINES))


def long_case(tmp_path: Path) -> tuple[Case, Path]:
    base = tmp_path / "linux" / "mmu.c"
    base.parent.mkdir()
    base.write_text(f"{LONG}\n{UPSTREAM}", "utf-8")
    edited = f"{LONG}\n{UPSTREAM.replace('!= was', '> was')}"
    return case_of(tmp_path / "mail.txt-2.c", edited, base), base


def test_what_is_too_long_is_sent_as_a_diff_to_its_base(tmp_path: Path) -> None:
    case, base = long_case(tmp_path)
    sent = carried(case)

    assert sent is not None
    assert sent.before == "The policy, as a diff, mail.txt-2.patch:"
    assert sent.lines[:2] == ("--- a/mmu.c", "+++ b/mmu.c")
    assert "+        if (now_enabled > was_enabled)" in sent.lines
    assert sent.case.words()[1:] == (("--policy", "mail.txt-2.patch"), ("--base", "mmu.c"))

    patch = tmp_path / "again.patch"
    patch.write_text("".join(f"{line}\n" for line in sent.lines), "utf-8")
    again = load_policy(str(patch), base=read_tree([str(base)]))
    stale = load_policy(case.policy_spec)
    assert again.source.text.split() == stale.source.text.split()


def test_what_is_too_long_and_has_no_base_is_only_named(tmp_path: Path) -> None:
    assert carried(case_of(tmp_path / "mmu.c", f"{LONG}\n{UPSTREAM}")) is None


def test_a_line_that_a_mail_would_break_is_not_sent(tmp_path: Path) -> None:
    assert carried(case_of(tmp_path / "mine.c", f"/* {'x' * 1000} */\n{UPSTREAM}")) is None
    assert carried(case_of(tmp_path / "mine.c", f"/* \x1b[2J */\n{UPSTREAM}")) is None


def test_the_mail_of_a_run_has_the_c_and_asks_for_it_by_its_name(tmp_path: Path) -> None:
    case = case_of(tmp_path / "mine.c", UPSTREAM)
    text = run_as_mail(SharedRun(case, play(case.machine, case.scenario.schedule)))

    sent = carried(case)
    assert isinstance(sent, Carried)
    assert "The policy, as mine.c:\n\n" + "\n".join(sent.lines) in text
    assert text.endswith("  kvmcache-tui boot-on-vcpu1 --policy mine.c --at 15\n")
    assert str(tmp_path) not in text
