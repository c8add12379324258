from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.policy.policy import Options
from engine.refusal import RefusedError
from scenarios.case import Case
from scenarios.names import scenario_names
from scenarios.policy_library import load_policy
from tests.tui.commands.typed import after
from tests.tui.files.asked import Asked, comparison, swap
from tui.command_line.main import main
from tui.files.outside_work import (
    as_text,
    compare_command,
    do,
    export,
    policy_file,
    replay_command,
    save,
    shared,
    under,
)
from tui.session.requests import CopyToClipboard, Edit, Export, Foresee, Form, Save
from tui.session.session import Session

Opened = Callable[..., Case]
TEXTS = (Form.MAIL, Form.MARKDOWN, Form.JSON, Form.ITF)


def no_picture(_: Session) -> str:
    raise AssertionError("no picture is asked for")


def test_every_request_is_done_with_the_surroundings_that_it_is_made_in(
    worked: Session, tmp_path: Path
) -> None:
    asked = Asked(worked)
    do(CopyToClipboard(mail=True), asked)
    do(CopyToClipboard(mail=False), asked)
    assert asked.texts == [(as_text(worked, Form.MAIL), True), (replay_command(worked), False)]
    do(Export(Form.SVG, str(tmp_path / "run.svg")), asked)
    assert (asked.said, asked.now) == ((f"written to {tmp_path}/run.svg",), worked)
    do(Save(str(tmp_path / "a.session")), asked)
    assert (asked.now.file, asked.now.unsaved) == (str(tmp_path / "a.session"), False)
    for request, said in ((Edit(), "edited"), (Foresee(), "foreseen")):
        do(request, asked)
        assert asked.said == (said,)


@pytest.mark.parametrize("form", TEXTS)
def test_a_run_is_written_in_the_form_that_is_asked_for(
    form: Form, worked: Session, tmp_path: Path
) -> None:
    path = tmp_path / "run of mine"
    assert export(worked, form, str(path), no_picture) == (f"written to {path}",)
    assert path.read_text("utf-8") == as_text(worked, form)
    assert list(tmp_path.iterdir()) == [path]


def test_a_picture_is_taken_of_the_session(worked: Session, tmp_path: Path) -> None:
    path = tmp_path / "run.svg"
    export(worked, Form.SVG, str(path), lambda session: f"<svg>{session.timeline.cursor}</svg>")
    assert path.read_text("utf-8") == "<svg>25</svg>"


def test_what_cannot_be_written_is_refused(worked: Session, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        export(worked, Form.MAIL, f"{tmp_path}/none/run", no_picture)
    assert str(refused.value).endswith(
        ": No such file or directory; expected a file that can be written"
    )


@pytest.mark.parametrize(
    ("lines", "command"),
    [
        ((), "--at 0"),
        (("goto 20", "mark", "break 12"), "--at 20"),
        (("goto 13", "take fill x on pcpu0"), "--at 14"),
        (
            ("goto 16", "take evict x", "take vcpu1", "goto 17"),
            "--events '13 vcpu0, fill x on pcpu0, 2 vcpu1, evict x from pcpu0, vcpu1' --at 17",
        ),
        (("goto 16", "take evict x", "switch main"), "--at 16"),
        (
            ("end", "take evict x"),
            "--events '13 vcpu0, fill x on pcpu0, 12 vcpu1, evict x' --at 27",
        ),
        (
            ("end", "take evict x", "goto 3"),
            "--events '13 vcpu0, fill x on pcpu0, 12 vcpu1, evict x' --at 3",
        ),
    ],
)
def test_the_command_that_replays_a_run_has_its_events_if_they_are_not_the_schedules(
    session: Callable[..., Session], lines: tuple[str, ...], command: str
) -> None:
    opened = "kvmcache-tui secondary-stale-line --policy vcpu0-only"
    assert replay_command(after(session(), *lines)) == f"{opened} {command}"


def test_the_commands_words_are_quoted_for_a_shell(case: Opened, tmp_path: Path) -> None:
    source = tmp_path / "it's mine.c"
    source.write_text(case().policy.source.text, "utf-8")
    there = case().under(load_policy(str(source)), "it's mine.c")
    assert replay_command(Session.play(there)) == (
        """kvmcache-tui secondary-stale-line --policy 'it'"'"'s mine.c' --at 0"""
    )


def test_a_shared_run_has_no_events_where_the_schedule_makes_it(worked: Session) -> None:
    assert shared(worked).events is None
    assert shared(worked.switch("rescued")).events == (
        "13 vcpu0",
        "fill x on pcpu0",
        "2 vcpu1",
        "evict x from pcpu0",
        "2 vcpu1",
    )
    assert shared(worked).played.timeline is worked.timeline


def test_the_command_that_opens_a_comparison_names_both_policies(
    session: Callable[..., Session],
) -> None:
    beside = comparison(session(at=20), "upstream")
    assert compare_command(beside) == (
        "kvmcache-tui secondary-stale-line --policy vcpu0-only --policy upstream --at 20"
    )
    assert compare_command(beside.at(24).swapped()) == (
        "kvmcache-tui secondary-stale-line --policy upstream --policy vcpu0-only --events "
        "'12 vcpu0, fill x on pcpu0, 14 vcpu1' --at 23"
    )
    branches = comparison(after(session(), "goto 16", "take evict x"), "main")
    assert branches.names == ("branch1", "main")
    assert compare_command(branches) == (
        "kvmcache-tui secondary-stale-line --policy vcpu0-only --events "
        "'13 vcpu0, fill x on pcpu0, 2 vcpu1, evict x from pcpu0' --at 17"
    )


@pytest.mark.parametrize("scenario", scenario_names())
def test_the_command_line_and_a_session_export_the_same_bytes(
    scenario: str, session: Callable[..., Session], capsys: pytest.CaptureFixture[str]
) -> None:
    for policy in ("upstream", "vcpu0-only"):
        made = session(scenario, policy, at=2)
        for form in TEXTS:
            at = ("--at", "2") if form in (Form.MAIL, Form.MARKDOWN) else ()
            words = ("export", scenario, "--policy", policy, "--format", form.value, *at)
            assert main(words) == 0
            assert capsys.readouterr().out == as_text(made, form)


def test_what_the_schedule_passed_over_is_told_of_its_run_and_of_no_other(
    session: Callable[..., Session],
) -> None:
    own = session("false-sharing", "upstream")
    other = after(own, "goto 3", "take 2")
    entries = [
        [each["entry"] for each in json.loads(as_text(made, Form.JSON))["skipped"]]
        for made in (own, other, after(other, "switch main"), after(own, "end", "take 1"))
    ]
    assert entries == [[4], [], [4], []]
    assert ("Passed over:" in as_text(own, Form.MAIL)) is True
    assert ("Passed over:" in as_text(other, Form.MAIL)) is False


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        ("nevr", "found 'nevr'; expected a built-in policy's name or a file; did you mean "
         "'never'?"),
        ("none.c", "found no readable file (No such file or directory); expected a C file, patch "
         "or mail"),
        ("bad.c", "found a call of nonsense() at bad.c:3:2; expected a function the source "
         "defines, one of KVM's that the model knows, or one named with --assume-no-effect"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_read_is_refused(
    spec: str, error: str, case: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool on)\n{\n\tnonsense(vcpu);\n}\n"
    (tmp_path / "bad.c").write_text(text)
    with pytest.raises(RefusedError) as refused:
        under(case(), spec)
    assert str(refused.value).startswith(error)


def test_another_policy_is_read_as_the_first_one_was(
    case: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = case().policy.source.text.replace("trace_kvm_toggle_cache", "hook")
    (tmp_path / "one.c").write_text(text)
    (tmp_path / "two.c").write_text(text.replace("== 0", "== 1"))
    options = Options((), ("hook",))
    first = case().under(load_policy("one.c", options=options), "one.c")
    there, said = swap(Session.play(first).seek(3), "two.c")
    assert said == ("under two.c from the start, driven by the same events",)
    assert (there.case.policy_spec, there.timeline.cursor) == ("two.c", 3)
    assert comparison(there, "one.c").right.case.policy_spec == "one.c"


def test_the_file_to_edit_is_the_users_own_or_a_copy(case: Opened, tmp_path: Path) -> None:
    own = tmp_path / "mine.c"
    text = case().policy.source.text
    own.write_text(text, "utf-8")
    mine = case().under(load_policy(str(own)), str(own))
    assert policy_file(mine, tmp_path / "state") == str(own)
    assert not (tmp_path / "state").exists()
    copy = tmp_path / "state" / "policies" / "vcpu0-only.c"
    assert policy_file(case(), tmp_path / "state") == str(copy)
    assert copy.read_text("utf-8") == text
    assert [each.stat().st_mode & 0o777 for each in (copy.parent, copy.parent.parent)] == [
        0o700,
        0o700,
    ]


def test_the_users_own_file_is_edited_however_its_lines_end(case: Opened, tmp_path: Path) -> None:
    own = tmp_path / "mine.c"
    code = case().policy.source.text
    for content in (code.replace("\n", "\r\n"), code.rstrip("\n"), f"\ufeff{code}"):
        own.write_bytes(content.encode())
        mine = case().under(load_policy(str(own)), str(own))
        assert policy_file(mine, None) == str(own)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_cannot_be_read_any_more_is_copied(case: Opened, tmp_path: Path) -> None:
    own = tmp_path / "mine.c"
    own.write_text(case().policy.source.text)
    mine = case().under(load_policy(str(own)), str(own))
    own.chmod(0)
    assert policy_file(mine, tmp_path) == str(tmp_path / "policies" / "mine.c")


def test_a_copy_that_was_edited_is_not_written_over(case: Opened, tmp_path: Path) -> None:
    first = Path(policy_file(case(), tmp_path))
    assert policy_file(case(), tmp_path) == str(first)
    first.write_text("/* edited */\n")
    second = Path(policy_file(case(), tmp_path))
    assert (first.name, second.name) == ("vcpu0-only.c", "vcpu0-only-2.c")
    assert first.read_text() == "/* edited */\n"
    assert policy_file(case(), tmp_path) == str(second)


def test_a_candidate_of_a_mail_and_a_file_that_has_changed_are_copied(
    case: Opened, tmp_path: Path
) -> None:
    mail = tmp_path / "a mail.txt"
    code = case().policy.source.text
    mail.write_text(f"Subject: two\n\nNow:\n\n{code}\nand then:\n\n{code}\n", "utf-8")
    spec = f"{mail}#2"
    second = case().under(load_policy(spec), spec)
    assert policy_file(second, tmp_path) == str(tmp_path / "policies" / "a-mail.txt-2.c")
    own = tmp_path / "mine.c"
    own.write_text(code, "utf-8")
    mine = case().under(load_policy(str(own)), str(own))
    own.write_text("/* changed since */\n", "utf-8")
    assert Path(policy_file(mine, tmp_path)).read_text("utf-8") == code


def test_a_copy_needs_a_place(case: Opened, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as homeless:
        policy_file(case(), None)
    assert str(homeless.value) == (
        "found no directory for a copy of the policy; expected a home, or XDG_STATE_HOME"
    )
    (tmp_path / "file").touch()
    with pytest.raises(RefusedError, match="File exists"):
        policy_file(case(), tmp_path / "file")


def test_names_of_files_begin_with_the_home_where_a_shell_would_have_put_it(
    worked: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert export(worked, Form.MAIL, "~/run.txt", no_picture) == (f"written to {tmp_path}/run.txt",)
    saved, _ = save(worked, "~/a.session")
    assert saved.file == f"{tmp_path}/a.session"
    (tmp_path / "own.c").write_text(load_policy("never").source.text)
    swapped, _ = swap(worked, "~/own.c")
    assert swapped.case.policy_spec == f"{tmp_path}/own.c"
