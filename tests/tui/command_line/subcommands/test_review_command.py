from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scenarios.names import scenario_names
from tests.tui.command_line.terminal import run_on_terminal
from tests.tui.reviewing import MAIL, POLICIES, code, review_json
from tui.command_line.main import main


def test_the_first_candidate_of_the_mail_is_upstream_and_the_second_breaks(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, results, err = review_json(capsys, mail.name)

    assert (exit_code, err) == (1, "")
    scenarios = [name for name in scenario_names() for _ in range(2)]
    assert [one["scenario"] for one in results] == scenarios
    assert [one["policy"] for one in results[:2]] == ["mail.txt#1", "mail.txt#2"]
    first, second = results[::2], results[1::2]
    assert not any(one["introduced_by_policy"] for one in first)
    assert [one["scenario"] for one in second if one["introduced_by_policy"]][:2] == [
        "boot-on-vcpu1",
        "flush-under-way",
    ]


def test_a_candidate_that_breaks_nothing_more_than_upstream_is_safe(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", f"{mail.name}#1", "--no-every-guest"]) == 0

    out = capsys.readouterr().out
    assert "1. code at lines 7-20 of the mail: safe: `kvm_toggle_cache` at" in out


def test_what_cannot_be_read_is_an_error_beside_what_can(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = code("vcpu0-only").replace("HCR_TVM", "HCR_TVN")
    mail.write_text(MAIL.format(bad, code("upstream")), "utf-8")

    exit_code, results, err = review_json(capsys, mail.name, "--jobs", "2")

    line = mail.read_text("utf-8").split("\n").index("\t\t*vcpu_hcr(vcpu) &= ~HCR_TVN;") + 1
    assert exit_code == 2
    assert {one["policy"] for one in results} == {"mail.txt#2"}
    assert err.startswith(f"kvmcache-tui: mail.txt:{line}:23: found `HCR_TVN`; expected ")


def test_what_is_unsafe_counts_more_than_what_cannot_be_read(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = code("upstream").replace("HCR_TVM", "HCR_TVN")
    mail.write_text(MAIL.format(bad, code("vcpu0-only")), "utf-8")

    assert main(["review", mail.name, "--no-every-guest"]) == 1

    out, err = capsys.readouterr()
    assert "1. code at lines 7-20 of the mail: undetermined: cannot be judged\n   mail.txt:" in out
    assert err == ""


def test_nothing_that_can_be_judged_is_bad_input(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = code("upstream").replace("trace_kvm_toggle_cache", "my_own_hook")
    mail.write_text(MAIL.format(bad, bad.replace("my_own", "no")), "utf-8")

    assert main(["review", mail.name]) == 2

    out, err = capsys.readouterr()
    first, second = err.splitlines()
    assert out == ""
    assert first.startswith("kvmcache-tui: mail.txt:19:2: found ")
    assert "my_own_hook" in first
    assert second.startswith("mail.txt:36:2: found ")

    assert main(["review", mail.name, "--json"]) == 2

    document = json.loads(capsys.readouterr().out)
    assert document["results"] == []
    assert [(one["file"], one["line"], one["column"]) for one in document["errors"]] == [
        ("mail.txt", 19, 2),
        ("mail.txt", 36, 2),
    ]
    assert [f"kvmcache-tui: {document['errors'][0]['sentence']}"] == [first]


def test_what_is_not_decided_within_the_limit_is_undetermined(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, results, _ = review_json(capsys, f"{mail.name}#1", "--max-states", "2")

    assert exit_code == 3
    assert "unsafe" not in {one["verdict"] for one in results if one["introduced_by_policy"]}


def test_one_implementor_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(POLICIES / "gate-on-implementor.c")

    exit_code, results, _ = review_json(capsys, path, "--implementor", "phytium")

    assert exit_code == 0
    assert {one["policy"] for one in results} == {path}


HARDWARE = """\
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (GATE) {
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
		return;
	}
	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
"""
VENDOR = "read_cpuid_implementor() == ARM_CPU_IMP_PHYTIUM"


@pytest.mark.parametrize(
    ("gate", "verdict", "exit_code"),
    [
        (VENDOR, "safe", 0),
        (f"{VENDOR} && vcpu->vcpu_id == 7", "safe", 0),
        (f"{VENDOR} || vcpu->vcpu_id == 7", "undetermined", 3),
        ("vcpu->vcpu_id == 7", "undetermined", 3),
    ],
)
def test_only_what_the_hardware_alone_shuts_off_is_left_out_of_a_verdict_on_it(
    gate: str, verdict: str, exit_code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gated.c"
    path.write_text(HARDWARE.replace("GATE", gate), "utf-8")

    code = main(["review", str(path), "--implementor", "arm", "--json", "--no-every-guest"])

    (candidate,) = json.loads(capsys.readouterr().out)["candidates"]
    assert (candidate["verdict"], code) == (verdict, exit_code)
    assert candidate["never_run"] == [
        {"function": "kvm_toggle_cache", "lines": [6, 7], "called": True}
    ]


def test_a_gate_that_the_hardware_sets_and_the_vcpu_meets_is_not_shut_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "limited.c"
    limit = f"unsigned int limit = {VENDOR} ? 1 : 4;"
    source = HARDWARE.replace("GATE", "vcpu->vcpu_id >= limit")
    path.write_text(source.replace("\n\n", f"\n\t{limit}\n\n", 1), "utf-8")

    code = main(["review", str(path), "--implementor", "arm", "--no-every-guest"])

    told = " ".join(capsys.readouterr().out.split())
    assert code == 3
    assert f"it can only be false, on this hardware: `{VENDOR}`, line 4" in told
    assert (
        "only ever false on these scenarios, on this hardware: `vcpu->vcpu_id >= limit`, line 6"
        in told
    )


FWB = "cpus_have_final_cap(ARM64_HAS_STAGE2_FWB)"


@pytest.mark.parametrize(
    ("options", "gate", "exit_code", "told"),
    [
        (["--fwb", "off"], FWB, 0, "no run can come to it, on this hardware: lines 6 and 7"),
        (["--fwb", "off"], f"{FWB} || vcpu->vcpu_id == 7", 3, "they do not run all of it"),
        (["--fwb", "on"], FWB, 3, "breaks nothing on 31 scenarios, but none of it is called on"),
        (["--fwb", "on"], "0", 3, "breaks nothing on 31 scenarios, but none of it is called on"),
        ([], FWB, 3, "with FWB: none of it is called, so that no scenario says anything of it"),
    ],
)
def test_a_toggle_is_not_called_safe_where_no_trap_calls_it(
    options: list[str],
    gate: str,
    exit_code: int,
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "gated.c"
    path.write_text(HARDWARE.replace("GATE", gate), "utf-8")
    assert main(["review", str(path), *options, "--no-every-guest"]) == exit_code
    assert told in " ".join(capsys.readouterr().out.split())


def test_candidates_are_picked_by_a_function_they_define(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    helper = "static bool first(struct kvm_vcpu *vcpu)\n{\n\treturn vcpu->vcpu_id == 0;\n}\n\n"
    second = helper + code("vcpu0-only").replace("vcpu->vcpu_id == 0", "first(vcpu)")
    mail.write_text(MAIL.format(code("upstream"), second), "utf-8")

    exit_code, results, _ = review_json(capsys, mail.name, "--function", "first")

    assert exit_code == 1
    assert {one["policy"] for one in results} == {"mail.txt#2"}

    assert main(["review", mail.name, "--function", "second"]) == 2
    assert capsys.readouterr().err == (
        "kvmcache-tui: found no candidate that defines 'second'; "
        "expected one of: kvm_toggle_cache, first\n"
    )


def test_a_patch_is_put_on_the_base_that_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "mmu.c"
    base.write_text("static int unrelated;\n\n" + code("upstream"), "utf-8")
    patch = tmp_path / "less.patch"
    patch.write_text(
        "--- a/arch/arm64/kvm/mmu.c\n+++ b/arch/arm64/kvm/mmu.c\n@@ -7,5 +7,5 @@\n"
        " \t/* On: drop stale copies. Off: write dirty ones back. One walk does both. */\n"
        "-\tif (now_enabled != was_enabled)\n"
        "+\tif (now_enabled != was_enabled && !vcpu->vcpu_id)\n"
        " \t\tstage2_flush_vm(vcpu->kvm);\n \n"
        " \t/* With caches on there is no more to catch, until a set/way operation. */\n",
        "utf-8",
    )

    assert main(["review", str(patch), "--base", str(base), "--no-every-guest"]) == 1

    command = capsys.readouterr().out.replace(" \\\n       ", " ")
    assert f"--policy {patch} --base {base} --counterexample stale --at" in command


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("no/such.txt", "no/such.txt: found no readable file (No such file or directory)"),
        ("mail.txt#3", "mail.txt: found 2 candidates, none of them #3; expected a number from"),
        ("nothing.txt", "nothing.txt: found a text of 1 lines without a policy; expected"),
        ("binary", "binary: found a text of 1 lines without a policy; expected"),
        ("deep.c", "deep.c:1:1: found "),
    ],
)
def test_what_is_no_review_is_said_in_a_line(
    file: str, message: str, mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mail.with_name("nothing.txt").write_text("Hello.\n", "utf-8")
    mail.with_name("binary").write_bytes(bytes(range(256)).replace(b"\n", b"").replace(b"\r", b""))
    deep = f"void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool w) {{ {'{' * 5000} }} }}"
    mail.with_name("deep.c").write_text(deep, "utf-8")

    assert main(["review", file]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"kvmcache-tui: {message}")
    assert len(err.splitlines()) == 1


def test_an_interrupt_prints_the_report_so_far(mail: Path) -> None:
    done = run_on_terminal("review", str(mail), "--no-every-guest", interrupt_at=" done, ")

    assert done.code == 130
    assert "Interrupted: what was not decided by then is undetermined.\n" in done.out
    assert "cancelled" in done.out
    assert "Traceback" not in done.err


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


def answer_of(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, dict[str, Any]]:
    exit_code = main(["review", "--json", *arguments])
    (candidate,) = json.loads(capsys.readouterr().out)["candidates"]
    return exit_code, candidate["verdict"], candidate["every_guest"]


def test_a_flush_that_no_scenario_misses_is_refuted_by_a_guest_that_keeps_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "half.c"
    path.write_text(HALF, "utf-8")

    exit_code, verdict, answer = answer_of(capsys, str(path))
    assert (exit_code, verdict, answer["verdict"], answer["vcpus"]) == (1, "unsafe", "unsafe", 2)

    assert main(["review", str(path), "--no-every-guest", "--json"]) != 1
    (candidate,) = json.loads(capsys.readouterr().out)["candidates"]
    assert candidate["every_guest"] is None


@pytest.mark.parametrize("form", ["text", "mail"])
def test_a_report_has_the_shortest_guest_and_says_of_which_guests_it_speaks(
    form: str, mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", f"{mail.name}#2", "--format", form]) == 1

    told = " ".join(capsys.readouterr().out.split())
    assert "every guest: unsafe, shortest " in told
    assert "kvmcache-tui scenario general/" in told
    assert "Every guest: one that keeps the contract" in told
    assert "not for every guest" not in told


def test_what_is_undetermined_for_every_guest_is_not_passed(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, verdict, answer = answer_of(capsys, f"{mail.name}#1", "--max-states", "400")

    assert (exit_code, verdict, answer["verdict"]) == (3, "undetermined", "undetermined")
    assert answer["reason"].endswith("the limit on states was reached (--max-states 400)")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_leaves_every_guest_undetermined(jobs: str, mail: Path) -> None:
    done = run_on_terminal("review", f"{mail}#1", "--jobs", jobs, interrupt_at=" done, ")

    assert done.code == 130
    assert "every guest: undetermined: on general/" in done.out
    assert "Traceback" not in done.err
