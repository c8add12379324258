from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.command_line.main import main

ROOT = Path(__file__).parents[4]
HEADLINE = ("secondary-stale-line", "--policy", "vcpu0-only")
Golden = Callable[[str, str], None]

STORY = """\
# The headline, from the skipped flush to what it costs.
break skip
c
why
rc

until stale[1][x]
print ram[x] != sees[1][x]
print sees[1][x]
info memory
"""
TOUR = """\
info policy
break 12 if in_kvm[1]
tbreak vcpu1:load
watch cache[x]
info breakpoints
continue
c
list
print local[1].now_enabled
c
info step
c
info vcpus
info flushes
info findings
why cache[x]
why sctlr[1].M
goto 14
choices
take evict x
branches
switch main
info events 2
quit
this is never read
"""


def batch(tmp_path: Path, text: str, *options: str) -> int:
    path = tmp_path / "commands.txt"
    path.write_text(text, encoding="utf-8")
    return main([*HEADLINE, *options, "--batch", str(path)])


@pytest.mark.parametrize(("name", "text"), [("story", STORY), ("tour", TOUR)])
def test_commands_are_echoed_and_answered(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], golden: Golden
) -> None:
    assert batch(tmp_path, text) == 0
    out, err = capsys.readouterr()
    assert err == ""
    golden(f"batch-{name}", out)


def test_the_first_bad_command_ends_it_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch(tmp_path, "# none\n\nend\nprint ram[y]\nstep\n", "--at", "3") == 2
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "(kvm) end"
    assert out.splitlines()[2:] == ["(kvm) print ram[y]"]
    place = f"{tmp_path / 'commands.txt'}:4"
    assert err == f"kvmcache-tui: {place}: column 11: found 'y'; expected a word of guest RAM: x\n"


def test_it_begins_at_the_step_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch(tmp_path, "print step\r\n", "--at", "9") == 0
    assert capsys.readouterr().out == "(kvm) print step\n9\n"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "No such file or directory; expected a file with commands, or - for stdin"),
        (b"step\n\xff\n", "line 2, which is not UTF-8; expected UTF-8"),
        (b"#" * (1 << 20) + b"\n", "more than a megabyte; expected commands, a line each"),
    ],
)
def test_a_file_that_cannot_be_read_is_bad_input(
    content: bytes | None, error: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    assert main([*HEADLINE, "--batch", str(path)]) == 2
    assert capsys.readouterr().err.endswith(f"{error}\n")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("scenario", "--batch", "x"), "--batch without a scenario; expected NAME or FILE"),
        ((*HEADLINE, "--tour", "--batch", "x"), "--batch with --tour or --quiz; expected one"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    arguments: tuple[str, ...], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert error in capsys.readouterr().err


def test_commands_come_from_a_pipe_without_loading_the_screen_library() -> None:
    program = (
        "import sys\nfrom tui.command_line.main import main\n"
        f"code = main({[*HEADLINE, '--batch', '-']!r})\n"
        "print(code, [name for name in ('textual', 'rich') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        input="tbreak skip\nc\nprint step\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-2:] == ["20", "0 []"]
