from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from tui.files.editor import edit, editor_words


@pytest.mark.parametrize(
    ("visual", "editor", "words"),
    [
        (None, None, ("vi",)),
        ("", "  ", ("vi",)),
        (None, "nano", ("nano",)),
        ("emacsclient -t", "nano", ("emacsclient", "-t")),
        ("'my editor' --wait", None, ("my editor", "--wait")),
        ("'unfinished", "nano", ("nano",)),
        ("'unfinished", "'too", ("vi",)),
    ],
)
def test_the_editor_is_the_one_that_the_environment_names(
    visual: str | None,
    editor: str | None,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("VISUAL", visual), ("EDITOR", editor)):
        if value is not None:
            monkeypatch.setenv(name, value)
    assert editor_words() == words


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an editor's script, which `$EDITOR` runs."""
    path = tmp_path / "an editor.py"
    monkeypatch.setenv("EDITOR", shlex.join((sys.executable, str(path), "--wait")))
    return path


def test_a_file_is_edited(script: Path, tmp_path: Path) -> None:
    script.write_text(
        "import sys\nassert sys.argv[1] == '--wait'\nopen(sys.argv[2], 'w').write('x')"
    )
    assert edit(str(tmp_path / "a file.c")) == ""
    assert (tmp_path / "a file.c").read_text() == "x"


def test_an_editor_that_fails_is_told_with_its_exit_code(script: Path) -> None:
    script.write_text("raise SystemExit(3)")
    assert edit("x.c").endswith(" ended with 3")


def test_an_editor_that_there_is_not_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor-anywhere")
    assert edit("x.c") == "'no-such-editor-anywhere': No such file or directory (set $EDITOR)"
