from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from tui.command_line.main import main

ROOT = Path(__file__).parents[3]


def fresh(
    *arguments: str, module: str = "tui", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in an interpreter of its own."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "example"),
    [
        ((), "  kvmcache-tui secondary-stale-line --policy vcpu0-only\n"),
        (("scenario",), "  kvmcache-tui scenario secondary-stale-line --policy vcpu0-only\n"),
        (("list",), "  kvmcache-tui list --json\n"),
        (("run",), "  kvmcache-tui run secondary-stale-line --policy vcpu0-only\n"),
        (("check",), "  kvmcache-tui check --file my-own.toml --policy mine.c --jobs 2\n"),
        (("review",), "  kvmcache-tui review mail.txt\n"),
    ],
)
def test_help_has_an_example(
    command: tuple[str, ...],
    example: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    code = main([*command, "--help"])

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert example in out
    assert out.startswith(" ".join(("usage: kvmcache-tui", *command)))
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("policy", ["mail.txt", "mail.txt#1", "mine.c"])
def test_a_policy_alone_is_for_the_picker_and_without_a_terminal_for_a_review(
    policy: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "scenarios" / "policies" / "never.c").read_text("utf-8")
    Path("mail.txt").write_text(f"Hello,\n\n{text}\nWould that do?\n", "utf-8")
    Path("mine.c").write_text(text, "utf-8")

    assert main([policy]) == 2

    review = f"kvmcache-tui review {shlex.quote(policy)}"
    assert capsys.readouterr() == (
        "",
        "kvmcache-tui: found no terminal on stdin; expected a terminal for the screen "
        f"(without one: {review})\n",
    )


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr() == (f"kvmcache-tui {version('kvmcache-tui')}\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("lst",),
            "found 'lst'; expected a command, or a scenario's name or file; did you mean 'list'?",
        ),
        (
            ("secondary-stale-lin", "--batch", "-"),
            "scenario: found 'secondary-stale-lin'; expected a scenario's name or file; "
            "did you mean 'secondary-stale-line'?",
        ),
        (
            ("scenario", "secondary-stale-line", "--policy", "nevr", "--batch", "-"),
            "policy: found 'nevr'; expected a built-in policy's name or a file; "
            "did you mean 'never'?",
        ),
        (("--at", "3"), "found --at without a scenario; expected NAME or FILE before it"),
        (
            ("--counterexample", "stale"),
            "found --counterexample without a scenario; expected NAME or FILE before it",
        ),
        (
            ("x.toml", "--at", "-1"),
            "argument --at: found '-1'; expected a step's number, 0 or more\n"
            "try: kvmcache-tui scenario --help",
        ),
        (
            ("x.toml", "--at", "9" * 5000),
            f"argument --at: found '{'9' * 39}…'; expected a step's number, 0 or more\n"
            "try: kvmcache-tui scenario --help",
        ),
        (
            ("run", "x.toml", "--policy", "a", "--policy", "b"),
            "argument --policy: found it twice; expected it once\ntry: kvmcache-tui run --help",
        ),
        (
            ("run",),
            "the following arguments are required: NAME\ntry: kvmcache-tui run --help",
        ),
        (
            ("run", "a\x1b[2J", "b\n"),
            "unrecognized arguments: b\\n\ntry: kvmcache-tui --help",
        ),
        (
            ("run", "a\x1b[2J.toml"),
            "a\\x1b[2J.toml: found No such file or directory; expected a readable file",
        ),
        (
            ("secondary-stale-line",),
            "found no terminal on stdin; expected a terminal for the screen "
            "(without one: kvmcache-tui run NAME)",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_line_or_two(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(arguments)

    out, err = capsys.readouterr()
    assert (code, out, err) == (2, "", f"kvmcache-tui: {message}\n")


def test_a_file_with_several_mistakes_has_them_counted(capsys: pytest.CaptureFixture[str]) -> None:
    path = "tests/scenarios/file/invalid/several-mistakes.toml"

    assert main(["run", str(ROOT / path)]) == 2
    assert capsys.readouterr().err == (
        f"kvmcache-tui: {ROOT / path}: hardware.pcpus: found '2'; expected an integer\n"
        "4 more mistakes: memory.words.x.address, vcpu[0].programme, vcpu[0].program, "
        "vcpu[0].power\n"
    )


@pytest.mark.parametrize(
    ("arguments", "commands"),
    [
        (("--help",), []),
        (("list",), ["list"]),
        (("run", "single-vcpu-boot"), ["run"]),
        (("run", "--help"), ["run"]),
        (("check", "single-vcpu-boot", "--policy", "never"), ["check"]),
        (("review", "/"), ["review"]),
        (("export", "fwb", "--format", "mail"), ["export", "run"]),
        (("fwb", "--batch", os.devnull), ["scenario"]),
        (("fwb", "--quiz", "--answers", os.devnull), ["scenario"]),
    ],
)
def test_what_needs_no_screen_imports_no_screen_and_no_other_command(
    arguments: tuple[str, ...], commands: list[str]
) -> None:
    program = (
        "import sys\n"
        "from tui.__main__ import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "main()\n"
        "screens = ('textual', 'rich', 'asyncio')\n"
        "print([name for name in sys.modules if name.split('.')[0] in screens])\n"
        "print(sorted(name.rpartition('.')[2].removesuffix('_command') for name in sys.modules\n"
        "             if name.endswith('_command')))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-2:] == ["[]", repr(commands)]


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "list"],
            cwd=ROOT,
            stdout=closed,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )

    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_output_that_cannot_be_written_is_an_error() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "list"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr.decode() == (
        "kvmcache-tui: output: found No space left on device; "
        "expected to write what was asked for\n"
    )


def test_without_stdout_nothing_fails() -> None:
    done = subprocess.run(
        ["sh", "-c", '"$0" -m tui list >&-', sys.executable],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")


def open_once_read(fifo: Path, child: subprocess.Popen[bytes]) -> int:
    """Open a FIFO for writing once the child reads it; a child that ends never will."""
    while True:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert child.poll() is None
            time.sleep(0.02)


def test_an_interrupt_ends_quietly(tmp_path: Path) -> None:
    fifo = tmp_path / "never-written.toml"
    os.mkfifo(fifo)
    child = subprocess.Popen(
        [sys.executable, "-m", "tui", "run", str(fifo)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writing = open_once_read(fifo, child)
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    os.close(writing)

    assert (child.returncode, out, err) == (130, b"", b"")


def test_an_encoding_without_our_characters_is_no_error(tmp_path: Path) -> None:
    text = (ROOT / "scenarios" / "single-vcpu-boot.toml").read_text(encoding="utf-8")
    path = tmp_path / "s.toml"
    path.write_text(text.replace("A guest with", "Un invité à"), encoding="utf-8")

    done = fresh("run", str(path), PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert b"Un invit\\xe9 \\xe0" in done.stdout


def test_the_terminal_gets_no_colours() -> None:
    assert b"\x1b" not in fresh("list", FORCE_COLOR="1").stdout
