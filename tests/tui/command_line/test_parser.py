"""The parser: what it says needs neither the engine nor a reader."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tui.command_line.main import main
from tui.command_line.parser import COMMANDS

_ALLOWED = {"scenarios", "scenarios.names"}
_IMPORTED = """
import sys
from tui.__main__ import main
code = main()
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("word", ["--help", "--version", "list"])
def test_what_only_tells_names_imports_neither_engine_nor_reader_nor_screen(word: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _IMPORTED, word], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0
    assert ended.stdout
    modules = set(ended.stderr.split())
    ours = {name for name in modules if name.partition(".")[0] in ("engine", "scenarios")}
    assert ours == _ALLOWED
    assert modules.isdisjoint({"attrs", "cattrs", "rich", "textual", "tomllib", "tree_sitter"})


def test_the_help_has_a_caption_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    for name, caption in COMMANDS.items():
        assert f"{name} {caption}" in words


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_describes_itself_by_its_caption(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    caption = COMMANDS[name]
    assert f"{caption[0].upper()}{caption[1:]}." in shown
