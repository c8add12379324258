"""What no run shows of a policy, and what the hardware leaves possible beyond what runs show."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from engine.policy.propagation import possible
from scenarios.checking import CellOutcome, CheckedCell, explore_cell
from scenarios.hardware import HardwareChoice
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tests.tui.command_line.checking import (
    ENDLESS,
    GATED,
    check_json,
)
from tui.command_line.main import main
from tui.presenters.reports.unreached import Missed, OneWay, Unreached, missed, runs_any

ROOT = Path(__file__).parents[4]
SOURCES = sorted((ROOT / "tests" / "policies").glob("*.c"))
GUESTS = ("off-after-set-way", "trap-without-toggle")
WITHOUT = HardwareChoice(fwb=False)
ARM = HardwareChoice(fwb=False, implementor=0x41)
BY_FWB = """\
static int asleep(void) { return 1; }

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (cpus_have_final_cap(ARM64_HAS_STAGE2_FWB) && vcpu->vcpu_id == 9)
		asleep();
	if (vcpu->vcpu_id == 9)
		barrier();
	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
"""


def _outcomes(path: Path, given: HardwareChoice) -> list[CellOutcome]:
    policy = load_policy(str(path))
    return [explore_cell(CheckedCell(load_scenario(name), policy, given)) for name in GUESTS]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_run_comes_to_what_the_hardware_is_said_to_leave_out(path: Path) -> None:
    policy = load_policy(str(path))
    for given in (WITHOUT, ARM, HardwareChoice(fwb=True, implementor=0x48)):
        able = possible(policy, given.answers)
        for outcome in _outcomes(path, given):
            assert (outcome.statements or frozenset()) <= able.steps
            came = {(each.place, each.text, each.met) for each in outcome.decisions or ()}
            assert came <= able.decisions


def test_what_the_hardware_settles_does_not_decide_there(tmp_path: Path) -> None:
    path = tmp_path / "gated.c"
    path.write_text(BY_FWB, "utf-8")
    fwb = "cpus_have_final_cap(ARM64_HAS_STAGE2_FWB)"
    toggle = "kvm_toggle_cache"

    found = missed(load_policy(str(path)), _outcomes(path, WITHOUT), WITHOUT)

    assert found == Missed(
        unreached=(
            Unreached(toggle, (10,), is_whole=False, is_known=False),
            Unreached(toggle, (8,), is_whole=False, is_known=False, is_shut_off=True),
            Unreached("asleep", (1,), is_whole=True, is_known=False, is_shut_off=True),
        ),
        one_way=(
            OneWay(toggle, 7, fwb, only=False, is_settled=True),
            OneWay(toggle, 7, "vcpu->vcpu_id == 9", only=None, is_settled=True),
            OneWay(toggle, 9, "vcpu->vcpu_id == 9", only=False),
        ),
        on_chosen=True,
    )
    assert (found.may_decide, found.leaves_out) == (True, True)
    settled = Missed(found.unreached[1:], found.one_way[:2])
    assert (settled.may_decide, settled.leaves_out) == (False, False)


def test_what_is_not_known_of_runs_that_all_were_gone_through_may_decide(tmp_path: Path) -> None:
    path = tmp_path / "gated.c"
    path.write_text(BY_FWB, "utf-8")
    policy = load_policy(str(path))
    whole = _outcomes(path, WITHOUT)
    unknown = [attrs.evolve(each, statements=None, decisions=None) for each in whole]
    ended = [attrs.evolve(each, reason="it took too long") for each in unknown]

    assert missed(policy, [whole[0], unknown[1]]).may_decide
    assert missed(policy, [whole[0], ended[1]]) == Missed()
    assert missed(load_policy("upstream"), unknown) == Missed()


def test_a_source_is_run_where_any_of_its_functions_is(tmp_path: Path) -> None:
    path = tmp_path / "gated.c"
    path.write_text(BY_FWB, "utf-8")
    policy, fwb = load_policy(str(path)), HardwareChoice(fwb=True)
    with_fwb = _outcomes(path, fwb)

    assert runs_any(policy, _outcomes(path, WITHOUT))
    assert not runs_any(policy, with_fwb)
    assert missed(policy, with_fwb, fwb).runs_nothing
    assert runs_any(policy, [attrs.evolve(each, statements=None) for each in with_fwb])
    assert runs_any(load_policy("upstream"), with_fwb)


def test_what_a_patch_leaves_alone_is_not_what_it_runs(tmp_path: Path) -> None:
    path = tmp_path / "gated.c"
    path.write_text(BY_FWB, "utf-8")
    policy, outcomes = load_policy(str(path)), _outcomes(path, WITHOUT)
    judged = tuple(
        attrs.evolve(each, changed=each.function == "asleep") for each in policy.coverage.judged
    )
    patched = attrs.evolve(policy, coverage=attrs.evolve(policy.coverage, judged=judged))

    assert not runs_any(patched, outcomes)
    assert missed(patched, outcomes, WITHOUT).runs_nothing


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


def test_a_cell_of_which_no_run_completes_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "round.toml"
    path.write_text(ENDLESS.replace("sub x0, x0, #1", "nop").replace("cbnz x0, 1b", "b 1b"))
    code = main(["check", "--file", str(path), "--policy", "upstream"])
    text = " ".join(capsys.readouterr().out.split())
    assert code == 0
    assert "upstream: no run completes, somebody always goes on: there is no cost" in text


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
