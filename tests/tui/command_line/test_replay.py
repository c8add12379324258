"""The command that is copied opens the same run again, at the same step."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.names import PROGRAM
from tests.tui.command_line.opened import opened
from tests.tui.commands.lines import MAKING
from tests.tui.commands.typed import after
from tests.tui.files.asked import swap
from tui.command_line.main import main
from tui.files.outside_work import replay_command, save
from tui.session.session import Session

HEADLINE = ("secondary-stale-line", "--policy", "vcpu0-only")


def hold_together(session: Session, command: str) -> None:
    """Hold a command against the session whose run it is to open."""
    program, *arguments = shlex.split(command)
    again, rest = opened(*arguments)
    assert (program, rest) == (PROGRAM, None)
    assert again.timeline.events == session.timeline.events
    assert again.timeline.findings == session.timeline.findings
    assert again.timeline.cursor == session.timeline.cursor
    assert again.case.policy.sources == session.case.policy.sources
    assert replay_command(again) == command


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (HEADLINE, ()),
        (HEADLINE, ("goto 20",)),
        (HEADLINE, ("goto 16", "take evict x")),
        (HEADLINE, ("goto 16", "take evict x", "take vcpu1", "goto 9", "take fill x")),
        (HEADLINE, ("end", "take evict x")),
        (HEADLINE, ("goto 16", "take evict x", "switch main")),
        ((*HEADLINE, "--counterexample", "stale"), ("goto 11",)),
        ((*HEADLINE, "--counterexample", "stale"), ("end", "take evict x", "goto 3")),
        ((*HEADLINE, "--events", ""), ()),
        ((*HEADLINE, "--events", "fill x on pcpu0, 3 vcpu1"), ("goto 2", "take 1")),
        (("false-sharing", "--policy", "never", "--fwb", "off", "--implementor", "hisilicon"), ()),
        (("psci-off-and-on",), ("goto 4", "take 2")),
        (("vmm-reads-after-enable", "--policy", "never"), ("goto 8", "take vmm")),
        (("four-vcpus-64-lines", "--policy", "never"), ("goto 30", "take 3", "take 9")),
    ],
)
def test_the_command_opens_the_same_run(arguments: tuple[str, ...], lines: tuple[str, ...]) -> None:
    session = after(opened(*arguments)[0], *lines)
    hold_together(session, replay_command(session))


@given(st.lists(MAKING, max_size=12))
@settings(deadline=None, max_examples=40)
def test_whatever_was_done_the_command_opens_the_same_run(lines: list[str]) -> None:
    session = after(opened(*HEADLINE)[0], *lines)
    hold_together(session, replay_command(session))


@pytest.mark.parametrize(
    ("scenario", "policy", "other"),
    [
        ("secondary-stale-line", "vcpu0-only", "upstream"),
        ("false-sharing", "upstream", "vcpu0-only"),
        ("flush-under-way", "never", "coalesced"),
        ("parallel-bring-up", "keep-trapping", "once-per-vcpu"),
    ],
)
def test_a_run_whose_policy_was_swapped_is_opened_again(
    scenario: str, policy: str, other: str
) -> None:
    session, _ = swap(opened(scenario, "--policy", policy, "--at", "9")[0], other)
    hold_together(session, replay_command(session))


def test_a_saved_session_opens_the_same_runs(tmp_path: Path) -> None:
    saved, _ = save(after(opened(*HEADLINE)[0], "goto 16", "take 2", "mark"), f"{tmp_path}/a")
    again, _ = opened("--session", saved.file)
    for name in ("main", "branch1"):
        assert replay_command(again.switch(name)) == replay_command(saved.switch(name))
        hold_together(again.switch(name), replay_command(again.switch(name)))


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Return what opens a scenario and a policy under names with blanks and quotes."""
    monkeypatch.chdir(tmp_path)
    shipped = files("scenarios")
    for name, copy in (
        ("secondary-stale-line.toml", "my scenario's.toml"),
        ("policies/vcpu0-only.c", 'a "policy" of mine.c'),
    ):
        Path(copy).write_bytes(shipped.joinpath(name).read_bytes())
    return ("my scenario's.toml", "--policy", 'a "policy" of mine.c')


def test_files_may_have_blanks_and_quotes_in_their_names(own: tuple[str, ...]) -> None:
    for lines in (("goto 20",), ("goto 16", "take evict x")):
        session = after(opened(*own)[0], *lines)
        hold_together(session, replay_command(session))


def test_how_a_policy_was_read_is_said_again(tmp_path: Path) -> None:
    text = files("scenarios").joinpath("policies/vcpu0-only.c").read_text("utf-8")
    path = tmp_path / "mine.c"
    path.write_text(text.replace("trace_kvm_toggle_cache", "hook"), "utf-8")
    vouched = ("--config", "CONFIG_X=3", "--assume-no-effect", "hook", "--implementor", "0x48")
    session = after(opened(HEADLINE[0], "--policy", str(path), *vouched)[0], "goto 16", "take 2")
    hold_together(session, replay_command(session))


def copied(*arguments: str, lines: tuple[str, ...], folder: Path) -> None:
    """Print what a script that copies says."""
    script = folder / "commands.txt"
    script.write_text("\n".join((*lines, "copy")), "utf-8")
    assert main([*arguments, "--batch", str(script)]) == 0


@pytest.mark.parametrize(
    "lines",
    [
        ("goto 24",),
        ("goto 16", "take evict x", "take vcpu1", "goto 17"),
        ("goto 14", *("take evict x", "take fill x on pcpu0") * 40),
    ],
)
def test_a_script_prints_the_command_whole(
    lines: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(*HEADLINE, lines=lines, folder=tmp_path)
    hold_together(after(opened(*HEADLINE)[0], *lines), capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize("form", ["mail", "markdown"])
def test_what_is_shared_ends_in_the_command(
    form: str, session: Callable[..., Session], tmp_path: Path
) -> None:
    script, run = tmp_path / "commands.txt", tmp_path / "run.txt"
    lines = ("goto 14", *("take evict x", "take fill x on pcpu0") * 40)
    script.write_text("\n".join((*lines, f"export {form} {run}")), "utf-8")
    assert main([*HEADLINE, "--batch", str(script)]) == 0
    text = run.read_text("utf-8").removesuffix("```\n")
    command = text[text.rindex(f"{PROGRAM} {HEADLINE[0]}") :].replace("\\\n", "")
    assert shlex.split(command) == shlex.split(replay_command(after(session(), *lines)))
