from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.command_line.goldens import golden_text
from tui.command_line.main import main

ROOT = Path(__file__).parents[4]
HEADLINE = "secondary-stale-line"
SUFFIXES = {"mail": "mail.txt", "markdown": "md", "json": "json", "itf": "itf.json"}
CASES = [
    (policy, form, f"{HEADLINE}.{policy}.{suffix}")
    for policy in ("upstream", "vcpu0-only")
    for form, suffix in SUFFIXES.items()
]

EXPORT_ALL = """
import sys
from tui.command_line.main import main
for form in ("mail", "markdown", "json", "itf", "svg"):
    arguments = ["export", "secondary-stale-line", "--policy", "vcpu0-only", "--format", form]
    assert main([*arguments, "-o", f"{sys.argv[1]}/{form}"]) == 0
"""


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Collect what the commands of a test say on stderr; stdout must stay empty."""
    lines: list[str] = []
    yield lines
    out, err = capsys.readouterr()
    assert (out, err) == ("", "".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize(("policy", "form", "golden"), CASES)
def test_an_export_is_what_it_always_was(
    policy: str, form: str, golden: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", HEADLINE, "--policy", policy, "--format", form]) == 0

    out, err = capsys.readouterr()
    assert err == ""
    assert out == golden_text(golden)


@pytest.mark.parametrize(("policy", "code"), [("upstream", 0), ("vcpu0-only", 1)])
def test_run_prints_the_same_mail_and_says_the_verdict_by_its_exit_code(
    policy: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", HEADLINE, "--policy", policy, "--format", "mail"]) == code

    golden = golden_text(f"{HEADLINE}.{policy}.mail.txt")
    assert capsys.readouterr() == (golden, "")


THREE = "fill x on pcpu0, vcpu1"


@pytest.mark.parametrize("form", ["mail", "json", "itf", "markdown", "svg"])
def test_the_run_of_a_saved_session_is_exported_in_every_form(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands, saved = tmp_path / "commands", tmp_path / "a.session"
    commands.write_text(f"goto 14\ntake evict x\nexport {form} {tmp_path}/run\nsave {saved}\n")
    policy = ("--policy", "vcpu0-only")
    assert main([HEADLINE, *policy, "--batch", str(commands)]) == 0
    capsys.readouterr()

    assert main(["export", "--session", str(saved), "--format", form]) == 0

    out = capsys.readouterr().out
    if form == "svg":
        assert "step&#160;15&#160;of&#160;15" in out
    elif form == "mail":
        assert "Verdict, over every interleaving: unsafe: stale in 13 steps" in out
        assert "--events '13 vcpu0, fill x on pcpu0, evict x" in out
    else:
        assert out == (tmp_path / "run").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (HEADLINE, "--counterexample", "lost"),
            f"found no lost run of {HEADLINE} under upstream; expected a policy that is not safe "
            "there",
        ),
        (
            (HEADLINE, "--policy", "never", "--counterexample", "lost"),
            f"found no lost run of {HEADLINE} under never; expected stale",
        ),
        (
            (HEADLINE, "--counterexample", "stale", "--max-states", "2"),
            f"found no stale run of {HEADLINE} under upstream; expected one within the limit on "
            "states",
        ),
        (
            (HEADLINE, "--counterexample", "stale", "--events", THREE),
            "found --counterexample with --events; expected one of them",
        ),
        (("--counterexample", "stale"), "found no scenario; expected NAME, or --session FILE"),
    ],
)
def test_a_run_that_is_not_there_is_said(
    arguments: tuple[str, ...], message: str, said: list[str]
) -> None:
    assert main(["export", *arguments, "--format", "mail"]) == 2

    said.append(f"kvmcache-tui: {message}")


def test_every_export_has_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    written = []
    for seed in ("0", "4711"):
        folder = tmp_path / seed
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", EXPORT_ALL, str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})

    assert written[0] == written[1]
    assert sorted(written[0]) == ["itf", "json", "mail", "markdown", "svg"]
    for form, suffix in SUFFIXES.items():
        assert written[0][form] == golden_text(f"{HEADLINE}.vcpu0-only.{suffix}").encode()


def test_a_file_is_replaced_whole_and_keeps_its_permissions(
    tmp_path: Path, said: list[str]
) -> None:
    path, link = tmp_path / "mail.txt", tmp_path / "link.txt"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)

    assert main(["export", HEADLINE, "--format", "mail", "-o", str(link)]) == 0

    golden = golden_text(f"{HEADLINE}.upstream.mail.txt")
    assert path.read_bytes() == golden.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, path]
    assert said == []


def test_a_new_file_has_the_permissions_that_new_files_get(tmp_path: Path, said: list[str]) -> None:
    (tmp_path / "other").touch()

    assert main(["export", HEADLINE, "--format", "mail", "-o", str(tmp_path / "new")]) == 0

    modes = [(tmp_path / name).stat().st_mode for name in ("other", "new")]
    assert modes[0] == modes[1]
    assert said == []


def test_a_dash_is_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", HEADLINE, "--format", "mail", "-o", "-"]) == 0

    golden = golden_text(f"{HEADLINE}.upstream.mail.txt")
    assert capsys.readouterr().out == golden


def test_a_directory_is_refused(tmp_path: Path, said: list[str]) -> None:
    assert main(["export", HEADLINE, "--format", "mail", "-o", str(tmp_path)]) == 2

    said.append(
        f"kvmcache-tui: found '{tmp_path}': a directory; expected a file to write to, "
        "or - for stdout"
    )


def test_a_place_that_is_not_there_is_named(tmp_path: Path, said: list[str]) -> None:
    path = tmp_path / "none" / "mail.txt"

    assert main(["export", HEADLINE, "--format", "mail", "-o", str(path)]) == 2

    said.append(
        f"kvmcache-tui: found '{path}': No such file or directory; expected a file that can be "
        "written, or - for stdout"
    )


def test_a_place_where_nothing_can_be_written_is_named(said: list[str]) -> None:
    # Not even root can make a file there, and where there is no /proc nobody can.
    assert main(["export", HEADLINE, "--format", "mail", "-o", "/proc/mail"]) == 2

    said.append(
        "kvmcache-tui: found '/proc/mail': No such file or directory; expected a file that can "
        "be written, or - for stdout"
    )


def test_a_failed_write_leaves_what_was_there(tmp_path: Path, said: list[str]) -> None:
    path = tmp_path / "mail.txt"
    path.write_text("old")

    assert main(["export", HEADLINE, "--format", "mail", "--at", "99", "-o", str(path)]) == 2

    said.append("kvmcache-tui: found --at 99; expected a step of this run, 0 to 27")
    assert (path.read_text(), sorted(tmp_path.iterdir())) == ("old", [path])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--format", "json", "--at", "3"],
            "found --at with --format json; expected it with mail, markdown or svg: "
            "this has all steps",
        ),
        (
            ["--format", "mail", "--size", "80x24"],
            "found --size with --format mail; expected it with --format svg",
        ),
        (
            ["--format", "mail", "-o", ""],
            "found '': no name; expected a file to write to, or - for stdout",
        ),
        (
            ["--format", "svg", "--size", "10x10"],
            "argument --size: found '10x10'; expected columns x rows, 60x18 to 500x200\n"
            "try: kvmcache-tui export --help",
        ),
        ([], "the following arguments are required: --format\ntry: kvmcache-tui export --help"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], message: str, said: list[str]) -> None:
    assert main(["export", HEADLINE, *arguments]) == 2

    said.append(f"kvmcache-tui: {message}")


def test_a_schedule_without_end_is_bad_input(tmp_path: Path, said: list[str]) -> None:
    path = tmp_path / "loop.toml"
    path.write_text(
        'title = "t"\nteaches = "t"\nschedule = ["vcpu0 finish"]\nhardware = { pcpus = 1 }\n'
        'memory = { words = { x = { address = 0 } } }\nvcpu = [{ program = "1: b 1b" }]\n',
        "utf-8",
    )

    assert main(["export", str(path), "--format", "mail"]) == 2

    said.append(
        f"kvmcache-tui: {path}: schedule[0]: found more than 10000 steps at 'vcpu0 finish'; "
        "expected an entry that ends"
    )
