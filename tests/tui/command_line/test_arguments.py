from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from tests.tui.command_line.checking import (
    HEADLINE,
)
from tui.command_line.main import main


def test_options_of_the_policy_are_said_again_in_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.c"
    never = files("scenarios").joinpath("policies/never.c").read_text("utf-8")
    path.write_text(never.replace("trace_kvm_toggle_cache", "my_own_hook"), "utf-8")
    vouched = ("--assume-no-effect", "my_own_hook", "--config", "CONFIG_X=y")

    assert main(["check", HEADLINE, "--policy", str(path), *vouched]) == 1

    command = capsys.readouterr().out.replace(" \\\n     ", "")
    assert (
        f"kvmcache-tui scenario {HEADLINE} --policy {path} --config CONFIG_X=1 "
        "--assume-no-effect my_own_hook --counterexample stale --at 9\n"
    ) in command


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("secondary-stale",),
            "scenario: found 'secondary-stale'; expected a scenario's name or file; "
            f"did you mean '{HEADLINE}'?",
        ),
        (
            (HEADLINE, "--policy", "nevr"),
            "policy: found 'nevr'; expected a built-in policy's name or a file; "
            "did you mean 'never'?",
        ),
        (
            ("--file", "a\x1b[2J.toml"),
            "./a\\x1b[2J.toml: found No such file or directory; expected a readable file",
        ),
        (
            ("--base", "no/such.c"),
            "no/such.c: found no readable file (No such file or directory); expected a C file",
        ),
        (
            ("--config", "CONFIG_X=y", "--config", "CONFIG_X=1", "--config", "CONFIG_X=n"),
            "found --config CONFIG_X=1 and =0; expected one value of it",
        ),
    ],
)
def test_bad_input_is_said_in_a_line(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *arguments]) == 2
    assert capsys.readouterr() == ("", f"kvmcache-tui: {message}\n")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--max-states", "0", "found '0'; expected a number, 1 or more"),
        ("--max-states", "9" * 5000, f"found '{'9' * 39}…'; expected a number, 1 or more"),
        ("--jobs", "257", "found 257; expected 1 to 256"),
        ("--jobs", "-1", "found '-1'; expected a number, 1 or more"),
        ("--config", "X=y", "found 'X=y'; expected CONFIG_NAME=y, =n or =NUMBER"),
        ("--config", "CONFIG_X=m", "found 'CONFIG_X=m'; expected CONFIG_NAME=y, =n or =NUMBER"),
        ("--assume-no-effect", "a b", "found 'a b'; expected a C function's name"),
        (
            "--implementor",
            "hisilikon",
            "found 'hisilikon'; expected an implementor, or its number; did you mean 'hisilicon'?",
        ),
        ("--implementor", "0x1ff", "found '0x1ff'; expected 0 to 0xff"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    option: str, value: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", option, value]) == 2
    assert capsys.readouterr() == (
        "",
        f"kvmcache-tui: argument {option}: {message}\ntry: kvmcache-tui check --help\n",
    )
