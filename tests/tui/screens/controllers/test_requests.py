"""What goes beyond the run: files, the clipboard, other policies, another run beside it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from scenarios.names import policy_names, policy_title
from tests.tui.piloting import case, lines, opened, played, press, running, said, type_line
from tui.app import DebuggerApp
from tui.files.outside_work import as_text
from tui.files.remembered import Keeper
from tui.files.session_file import read_session_file, restored, session_bytes
from tui.screens.choice import ChoiceScreen
from tui.screens.compare import CompareScreen
from tui.screens.debugger import DebuggerScreen
from tui.session.requests import Form

WIDE = (160, 40)
BROKEN = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was) { x; }"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def test_the_first_save_asks_for_a_file_and_the_next_ones_do_not() -> None:
    async with opened(played(at=20), WIDE) as (pilot, screen):
        await press(pilot, "ctrl+s")
        assert screen.prompt.line.value == "save secondary-stale-line.session"
        await press(pilot, "enter")
        again = "kvmcache-tui --session secondary-stale-line.session"
        assert said(pilot) == f"saved; {again} opens it again"
        await type_line(pilot, "break skip")
        assert screen.now.unsaved
        await press(pilot, "ctrl+s")
        assert (screen.prompt.display, screen.now.unsaved) == (False, False)
        file = "secondary-stale-line.session"
        saved = restored(read_session_file(file), case(), file)
        assert session_bytes(saved, file) == session_bytes(screen.now, file)
        assert Path(file).read_bytes() == session_bytes(screen.now, file)


async def test_what_cannot_be_written_is_said_and_nothing_is_lost() -> None:
    async with opened(played(at=20), WIDE) as (pilot, screen):
        await type_line(pilot, "break skip")
        for line in ("save nowhere/a.session", "export mail nowhere/a.txt"):
            await type_line(pilot, line)
            name = line.split()[-1]
            assert said(pilot) == (
                f"found '{name}': No such file or directory; expected a file that can be written"
            )
        assert screen.now.unsaved


async def test_y_copies_the_command_that_replays_this_and_its_capital_the_mail() -> None:
    async with opened(played(at=20), WIDE) as (pilot, screen):
        await press(pilot, "y")
        command = "kvmcache-tui secondary-stale-line --policy vcpu0-only --at 20"
        sent = "Sent to the terminal's clipboard; without a home, or XDG_STATE_HOME, to no file"
        assert (pilot.app.clipboard, said(pilot)) == (command, f"{sent}: {command}")
        await press(pilot, "Y")
        assert pilot.app.clipboard == as_text(screen.now, Form.MAIL)
        assert said(pilot) == f"{sent}."


async def test_what_is_copied_is_in_a_file_as_well_for_terminals_without_a_clipboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app = DebuggerApp(played(at=20), keeper=Keeper.of_user())
    async with running(app, WIDE) as pilot:
        await press(pilot, "y")
        command = "kvmcache-tui secondary-stale-line --policy vcpu0-only --at 20"
        state = "xdg_state_home/kvmcache-tui"
        sent = f"Sent to the terminal's clipboard; also in ~/{state}"
        assert said(pilot) == f"{sent}/copied-command.txt: {command}"
        assert (tmp_path / state / "copied-command.txt").read_text("utf-8") == f"{command}\n"
        await press(pilot, "Y")
        assert said(pilot) == f"{sent}/copied-mail.txt."
        assert (tmp_path / state / "copied-mail.txt").read_text("utf-8") == pilot.app.clipboard


async def test_of_another_branch_the_command_names_the_events() -> None:
    async with opened(played(at=14)) as (pilot, _):
        await press(pilot, "r down enter y")
        assert pilot.app.clipboard == (
            "kvmcache-tui secondary-stale-line --policy vcpu0-only --events "
            "'13 vcpu0, fill x on pcpu0, evict x from pcpu0' --at 15"
        )


@pytest.mark.parametrize("form", ["mail", "markdown", "json", "itf", "svg"])
async def test_a_run_is_exported_in_every_form(form: str) -> None:
    async with opened(played(at=20)) as (pilot, screen):
        await type_line(pilot, f"export {form} run")
        assert said(pilot) == "written to run"
        written = Path("run").read_text(encoding="utf-8")
        if form == "svg":
            assert written.startswith("<svg")
            assert "secondary-stale-line" in written
        else:
            assert written == as_text(screen.now, Form(form))


async def test_another_policy_is_put_into_the_run_which_keeps_its_place() -> None:
    async with opened(played(at=20)) as (pilot, screen):
        await press(pilot, "P")
        assert isinstance(pilot.app.screen, ChoiceScreen)
        options = pilot.app.screen.query_one(OptionList)
        names = policy_names()
        assert [str(option.prompt) for option in options.options] == [
            *(f"{name:24} {policy_title(name)}" for name in names),
            "another one: type its name, or a file",
        ]
        assert options.highlighted == names.index("vcpu0-only")
        for _ in range(names.index("vcpu0-only") - names.index("upstream")):
            await pilot.press("up")
        await press(pilot, "enter")
        assert screen.now.case.policy.name == "upstream"
        assert (screen.now.timeline.cursor, len(screen.now.timeline.steps)) == (19, 27)
        assert said(pilot) == "under upstream from the start, driven by the same events"
        assert lines(pilot)[0].startswith(" secondary-stale-line under upstream")
        await press(pilot, "u")
        assert (screen.now.case.policy.name, screen.now.timeline.cursor) == ("vcpu0-only", 20)


async def test_a_breakpoint_in_a_source_that_is_gone_goes_with_it() -> None:
    async with opened(played(at=20), (200, 60)) as (pilot, screen):
        for line in ("break vcpu0-only.c:12", "break skip", "policy never"):
            await type_line(pilot, line)
        assert [each.number for each in screen.now.stops] == [2]
        assert "breakpoint 1 is gone, break vcpu0-only.c:12" in said(pilot)


async def test_the_last_entry_of_a_choice_of_policies_asks_for_its_name() -> None:
    async with opened() as (pilot, screen):
        for key, begun in (("P", "policy "), ("d", "compare ")):
            await press(pilot, f"{key} end enter")
            assert screen.prompt.line.value == begun
            await press(pilot, "escape")


async def test_a_policy_that_cannot_be_read_is_refused_with_the_place() -> None:
    Path("bad.c").write_text("void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was) { x; }\n")
    async with opened(played(at=20), WIDE) as (pilot, screen):
        await type_line(pilot, "policy bad.c")
        assert said(pilot).startswith("found ")
        assert "at bad.c:1:" in said(pilot)
        assert screen.now.case.policy.name == "vcpu0-only"


async def test_where_the_terminal_cannot_be_lent_it_is_said_what_to_edit() -> None:
    keeper = Keeper.of_user()
    assert keeper.directory is not None
    async with opened(played(at=20), (200, 60), keeper=keeper) as (pilot, screen):
        await press(pilot, "ctrl+e")
        copy = keeper.directory / "policies" / "vcpu0-only.c"
        assert said(pilot) == (
            f"This terminal cannot be lent to an editor: edit {copy}, then :policy it"
        )
        assert copy.read_text() == screen.now.case.policy.source.text
        copy.write_text(copy.read_text().replace("vcpu->vcpu_id == 0", "vcpu->vcpu_id <= 1"))
        await type_line(pilot, f"policy {copy}")
        assert (screen.now.timeline.cursor, screen.now.timeline.findings) == (20, ())


async def test_d_compares_with_upstream_unless_another_policy_is_chosen() -> None:
    async with opened(played(at=20)) as (pilot, _):
        for keys, policy in (("d enter", "upstream"), ("d home enter", policy_names()[0])):
            await press(pilot, keys)
            screen = pilot.app.screen
            assert isinstance(screen, CompareScreen)
            assert screen.now.names == ("vcpu0-only", policy)
            assert screen.now.left.timeline.cursor == 20
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, DebuggerScreen)


async def test_branches_come_first_among_what_to_compare_with() -> None:
    async with opened(played(at=14)) as (pilot, _):
        await press(pilot, "r down enter escape d")
        assert pilot.app.screen.query_one(OptionList).options[0].prompt == "the branch main"
        await press(pilot, "home enter")
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        assert screen.now.names == ("branch1", "main")


async def test_nothing_to_compare_with_is_refused() -> None:
    async with opened(size=WIDE) as (pilot, screen):
        told = []
        for line in ("compare", "compare main"):
            await type_line(pilot, line)
            told.append(said(pilot))
        assert told == [
            "found nothing; expected a policy or a branch to compare with",
            "found 'main', the branch at hand; expected another one, or a policy",
        ]
        assert pilot.app.screen is screen


async def edited(pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Edit the policy with a script of the shell that has the file as its argument."""
    Path("editor.sh").write_text(f"#!/bin/sh\n{script}\n")
    Path("editor.sh").chmod(0o755)
    monkeypatch.setenv("VISUAL", str(Path("editor.sh").resolve()))
    monkeypatch.setattr(pilot.app, "suspend", nullcontext)
    await press(pilot, "ctrl+e")


async def test_a_broken_edit_is_told_and_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Keeper.of_user()
    async with opened(played(at=20), (200, 60), keeper=keeper) as (pilot, screen):
        before = screen.now
        await edited(pilot, monkeypatch, f"echo '{BROKEN}' > $1")
        told = said(pilot)
        assert "Ctrl+E opens" in told
        await edited(pilot, monkeypatch, 'cp "$1" seen.c')
        assert Path("seen.c").read_text() == f"{BROKEN}\n"
        assert screen.now is before


async def test_an_editor_that_deletes_the_file_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper = Keeper.of_user()
    async with opened(played(at=20), (200, 60), keeper=keeper) as (pilot, screen):
        before = screen.now
        await edited(pilot, monkeypatch, 'rm "$1"')
        assert said(pilot).endswith("the policy is as it was.")
        assert (screen.now is before, pilot.app.return_code) == (True, None)
