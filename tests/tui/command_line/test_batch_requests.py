"""What a script asks for beyond its session: files, other policies, comparisons, foresight."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.tui.command_line.opened import opened
from tests.tui.commands.typed import after
from tests.tui.files.saved import parts
from tui.command_line.main import main
from tui.files.outside_work import as_text, save
from tui.session.requests import Form

HEADLINE = ("secondary-stale-line", "--policy", "vcpu0-only")
REQUESTS = """\
break skip
goto 16
mark here it may still be saved
foresee
copy
take evict x
foresee
compare main
compare upstream
copy
policy
policy upstream
info breakpoints
info bookmarks
branches
compare vcpu0-only
edit NOTHING
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def batch(*lines: str, opening: tuple[str, ...] = HEADLINE) -> int:
    """Do a script's lines, and return the exit code."""
    Path("commands.txt").write_text("\n".join(lines), "utf-8")
    return main([*opening, "--batch", "commands.txt"])


def test_requests_are_done_and_answered(
    golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch(*REQUESTS.splitlines()) == 2
    out, err = capsys.readouterr()
    golden("batch-requests", out)
    assert err == (
        "kvmcache-tui: commands.txt:17: found 'NOTHING'; expected nothing after the command\n"
    )


def test_a_run_is_written_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("goto 16", "take evict x")
    forms = [f"export {form.value} a run.{form.value}" for form in Form]
    assert batch(*lines, *forms) == 0
    said = capsys.readouterr().out.splitlines()[-10:]
    assert said == [
        line
        for form in Form
        for line in (
            f"(kvm) export {form.value} a run.{form.value}",
            f"written to a run.{form.value}",
        )
    ]
    session = after(opened(*HEADLINE)[0], *lines)
    for form in (Form.MAIL, Form.MARKDOWN, Form.JSON, Form.ITF):
        assert Path(f"a run.{form.value}").read_text("utf-8") == as_text(session, form)
    assert len(json.loads(Path("a run.json").read_bytes())["steps"]) == 17
    words = "".join(ElementTree.parse("a run.svg").getroot().itertext()).replace("\xa0", " ")
    assert "secondary-stale-line under vcpu0-only, step 17 of 17" in words


def test_a_mail_is_printed_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert batch("goto 24", "copy mail") == 0
    session, _ = opened(*HEADLINE, "--at", "24")
    said = capsys.readouterr().out.split("(kvm) copy mail\n")[1]
    assert said == as_text(session, Form.MAIL)


def test_a_session_is_saved_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("goto 16", "take evict x", "mark here")
    assert batch(*lines, "save my own.session", "unmark", "save", "break 12") == 0
    said = capsys.readouterr().out
    assert said.count("saved; kvmcache-tui --session 'my own.session' opens it again\n") == 2
    again, _ = opened("--session", "my own.session")
    assert parts(again) == parts(after(opened(*HEADLINE)[0], *lines, "unmark"))
    assert batch("print step", "save", opening=("--session", "my own.session")) == 0
    assert capsys.readouterr().out == (
        "(kvm) print step\n17\n(kvm) save\nsaved; kvmcache-tui --session 'my own.session' opens "
        "it again\n"
    )


def test_the_policy_of_a_run_can_be_swapped_for_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    text = opened(*HEADLINE)[0].case.policy.source.text
    Path("mine.c").write_text(text.replace("vcpu_id == 0", "vcpu_id == 1"), "utf-8")
    assert batch("goto 20", "policy mine.c", "print step", "info flushes", "copy") == 0
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "step 5: vcpu0 SKIPPED: vcpu->vcpu_id == 1 is false, 0 == 1",
        "step 18: vcpu1 flushed 1 line, to step 20",
        "(kvm) copy",
        "kvmcache-tui secondary-stale-line --policy mine.c --events '10 vcpu0, fill x on pcpu0, "
        "15 vcpu1' --at 17",
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("edit", "found edit without a screen; expected policy FILE, once the file is edited"),
        ("save", "found no file that this session came from; expected save FILE"),
        ("save none/x", "found 'none/x': No such file or directory; expected a file that can be "
         "written"),
        ("export mail .", "found '.': Is a directory; expected a file that can be written"),
        ("compare nevr", "found 'nevr'; expected a built-in policy's name or a file; did you mean "
         "'never'?"),
        ("policy mine.c", "found no readable file (No such file or directory); expected a C file, "
         "patch or mail"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_done_ends_the_script(
    line: str, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch("goto 3", line, "goto 4") == 2
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == f"(kvm) {line}"
    assert err == f"kvmcache-tui: commands.txt:2: {error}\n"


def test_what_can_follow_is_not_known_of_too_many_states(
    contended: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("contended.toml").write_text(contended, "utf-8")
    assert batch("foresee", opening=("contended.toml",)) == 0
    assert capsys.readouterr().out == (
        "(kvm) foresee\nwhat can follow is not known: more than 20,000 states\n"
    )


def test_nothing_is_done_after_quit(capsys: pytest.CaptureFixture[str]) -> None:
    assert batch("quit", "save a.session", "nonsense") == 0
    assert capsys.readouterr() == ("(kvm) quit\n", "")
    assert not Path("a.session").exists()


def test_a_script_goes_on_from_a_session_that_was_saved_by_hand() -> None:
    saved, _ = save(after(opened(*HEADLINE)[0], "break skip", "goto 9"), "a.session")
    assert batch("c", "save b.session", opening=("--session", saved.file)) == 0
    assert opened("--session", "b.session")[0].timeline.cursor == 20
