"""`-` is stdin wherever a file is read, and stdout wherever one is written."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
import threading
from importlib.resources import files
from pathlib import Path

import pytest

from tui.command_line.main import main
from tui.files.piped import piped_directory

HEADLINE = "secondary-stale-line"
SCENARIO = files("scenarios").joinpath(f"{HEADLINE}.toml").read_text("utf-8")
NEVER = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
UPSTREAM = files("scenarios").joinpath("policies/upstream.c").read_text("utf-8")
MAIL = f"Hello,\n\n{UPSTREAM}\nor this:\n\n{NEVER}\nWould that do?\n"

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the state be in the home directory, as it is with users."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".local/state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    return Pipe(monkeypatch)


class Pipe:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, text: str, *arguments: str) -> int:
        """Run the program with a text on its stdin."""
        stdin = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8")
        self._monkeypatch.setattr(sys, "stdin", stdin)
        return main(arguments)


def commands(out: str) -> list[list[str]]:
    """Return the commands in a report, as a shell would split and expand them."""
    whole = out.replace("\\\n", "")
    lines = [line.strip() for line in whole.split("\n") if " kvmcache-tui " in f" {line}"]
    told = [line[line.index("kvmcache-tui") :] for line in lines]
    return [[os.path.expanduser(word) for word in shlex.split(line)] for line in told]


def kept() -> str:
    """Return the one file that is kept."""
    (path,) = piped_directory().glob("*/*")
    return str(path)


def test_a_mail_from_a_pipe_is_reviewed_and_its_commands_name_where_it_is_kept(
    pipe: Pipe, capsys: Capture
) -> None:
    assert pipe(MAIL, "review", "-", "--no-every-guest") == 1

    out, err = capsys.readouterr()
    assert err == ""
    assert Path(kept()).read_text("utf-8") == MAIL
    asked = [words[words.index("--policy") + 1] for words in commands(out)]
    assert set(asked) == {f"{kept()}#2"}
    assert str(Path.home()) not in out
    assert " -#2" not in out
    assert "/dev/stdin" not in out


@pytest.mark.parametrize("spec", ["-#2", "/dev/stdin#2"])
def test_one_candidate_of_what_is_piped_can_be_asked_for(
    spec: str, pipe: Pipe, capsys: Capture
) -> None:
    assert pipe(MAIL, "check", HEADLINE, "--policy", spec, "--json") == 1

    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["policy"] == f"{kept()}#2"


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        (MAIL, ("review", "/dev/stdin", "--no-every-guest"), 1),
        (NEVER, ("review", "-", "--no-every-guest"), 1),
        (NEVER, ("run", HEADLINE, "--policy", "-"), 1),
        (NEVER, ("check", HEADLINE, "--policy", "upstream", "--policy", "-"), 1),
        (NEVER, ("export", HEADLINE, "--policy", "-", "--format", "itf"), 0),
        (UPSTREAM, ("check", HEADLINE, "--policy", "never", "--base", "-"), 1),
        (SCENARIO, ("run", "-", "--policy", "never"), 1),
        (SCENARIO, ("check", "-", "--policy", "upstream"), 0),
        (SCENARIO, ("check", "--file", "-", "--policy", "upstream"), 0),
        (SCENARIO, ("-", "--batch", os.devnull), 0),
        ("a\n" * 9, (HEADLINE, "--quiz", "--answers", "-"), 1),
        ("print step\n", (HEADLINE, "--batch", "-"), 0),
    ],
)
def test_a_dash_is_stdin_wherever_a_file_is_read(
    text: str, arguments: tuple[str, ...], code: int, pipe: Pipe, capsys: Capture
) -> None:
    assert pipe(text, *arguments) == code
    assert capsys.readouterr().err == ""


def test_a_saved_session_can_be_piped(pipe: Pipe, capsys: Capture) -> None:
    assert pipe("goto 20\nsave a.session\n", HEADLINE, "--batch", "-") == 0
    Path("commands").write_text("print step\n", "utf-8")
    capsys.readouterr()

    assert pipe(Path("a.session").read_text("utf-8"), "--session", "-", "--batch", "commands") == 0
    assert capsys.readouterr() == ("(kvm) print step\n20\n", "")


def test_a_pipe_of_the_shell_is_kept_as_well(tmp_path: Path, capsys: Capture) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_text, args=(NEVER,))
    writer.start()

    assert main(["check", HEADLINE, "--policy", str(fifo), "--json"]) == 1

    writer.join()
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["policy"] == kept()


def test_stdin_is_read_once_whoever_asks(pipe: Pipe, capsys: Capture) -> None:
    policies = ("--policy", "-#1", "--policy", "-#2")
    assert pipe(MAIL, "check", HEADLINE, *policies, "--json") == 1

    results = json.loads(capsys.readouterr().out)["results"]
    assert [one["verdict"] for one in results] == ["safe", "unsafe"]


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("", ("review", "-"), "found nothing on stdin; expected what is to be read"),
        (
            NEVER,
            (HEADLINE, "--policy", "-", "--batch", "-"),
            "found stdin for a file and for --batch; expected one of them in a file of its own",
        ),
    ],
)
def test_what_cannot_be_read_from_stdin_is_said(
    text: str, arguments: tuple[str, ...], message: str, pipe: Pipe, capsys: Capture
) -> None:
    assert pipe(text, *arguments) == 2
    assert capsys.readouterr() == ("", f"kvmcache-tui: {message}\n")


def test_what_cannot_be_kept_is_said(
    tmp_path: Path, pipe: Pipe, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))

    assert pipe(MAIL, "review", "-") == 2
    assert capsys.readouterr().err == (
        "kvmcache-tui: found stdin, which cannot be kept (File exists); expected a file, or "
        "XDG_STATE_HOME where one can be written\n"
    )


@pytest.mark.parametrize("form", ["mail", "json", "svg"])
def test_a_dash_is_stdout_where_a_script_writes(form: str, pipe: Pipe, capsys: Capture) -> None:
    assert pipe(f"export {form} -\n", HEADLINE, "--batch", "-") == 0
    said = capsys.readouterr().out.split("\n", 1)[1]

    assert pipe(f"export {form} a\n", HEADLINE, "--batch", "-") == 0
    assert said == Path("a").read_text("utf-8")
    assert not Path("-").exists()


def test_a_session_saved_to_stdout_is_the_one_that_a_file_would_hold(
    pipe: Pipe, capsys: Capture
) -> None:
    assert pipe("goto 3\nsave -\n", HEADLINE, "--batch", "-") == 0
    out = capsys.readouterr().out

    assert pipe("goto 3\nsave a\n", HEADLINE, "--batch", "-") == 0
    assert out.endswith(Path("a").read_text("utf-8"))
    assert not Path("-").exists()


def test_the_program_reads_a_real_pipe(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "check", HEADLINE, "--policy", "-"],
        cwd=Path(__file__).parents[3],
        input=NEVER.encode(),
        env={**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, b"")
    assert b"--policy ~/state/kvmcache-tui/piped/" in done.stdout
