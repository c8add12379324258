from __future__ import annotations

import os
import stat
from importlib.resources import files
from pathlib import Path

import pytest

from tui.files.piped import MOST_FILES, holds_policy, keep_piped, name_for, piped_directory

UPSTREAM = files("scenarios").joinpath("policies/upstream.c").read_text("utf-8")
DIFF = (
    "diff --git a/mmu.c b/mmu.c\n--- a/mmu.c\n+++ b/mmu.c\n"
    "@@ -1,2 +1,2 @@ void some_function(void)\n-int a;\n+int b;\n int c;\n"
)
HEADERS = (
    "From: A Reader <reader@example.org>\nSubject: less\nDate: Thu, 1 May 2025 10:00:00 +0000\n"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (UPSTREAM, ("code", ".c")),
        (f'#include "kvm.h"\n{UPSTREAM}\n#endif /* it */\n', ("code", ".c")),
        (f"// one\n\n/* two\n */\nstatic int three;\n{UPSTREAM}/* the end */\n", ("code", ".c")),
        (DIFF, ("patch", ".patch")),
        (f"{HEADERS}\n{UPSTREAM}", ("mail", ".txt")),
        (f"{HEADERS}\n{DIFF}", ("mail", ".txt")),
        (f"Hello,\n\n{UPSTREAM}\nWould that do?\n", ("mail", ".txt")),
        (f"{UPSTREAM}\nWould that do?\n", ("mail", ".txt")),
        (f"How about this?\n\n{DIFF}", ("mail", ".txt")),
        ("/* never closed", ("mail", ".txt")),
        ("", ("mail", ".txt")),
    ],
)
def test_what_has_no_name_gets_one_that_fits_it(text: str, name: tuple[str, str]) -> None:
    assert name_for(text.encode()) == name


@pytest.mark.parametrize(
    ("name", "text", "is_policy"),
    [
        ("mail.txt", f"Hello,\n\n{UPSTREAM}\nWould that do?\n", True),
        ("mail", f"{HEADERS}\nHello.\n", True),
        ("change", f"How about this?\n\n{DIFF}", True),
        ("change.patch", "", True),
        ("mine.c", "", True),
        ("mine.toml", UPSTREAM, False),
        ("mine", f"title = '''{UPSTREAM}'''\n", False),
        ("a.session", f'{{"text": "{UPSTREAM}"}}', False),
        ("notes.txt", "Hello.\n", False),
    ],
)
def test_a_policy_is_told_from_a_scenario(
    name: str, text: str, is_policy: bool, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, "utf-8")

    assert holds_policy(str(tmp_path / name)) is is_policy


def test_the_same_is_kept_once_for_the_users_eyes_only() -> None:
    kept = keep_piped(b"one", "mail", ".txt")

    assert keep_piped(b"one", "mail", ".txt") == kept
    assert Path(kept).name == "mail.txt"
    assert keep_piped(b"two", "mail", ".txt") != kept
    assert Path(kept).read_bytes() == b"one"
    assert len(list(piped_directory().glob("*/*"))) == 2
    assert stat.S_IMODE(piped_directory().stat().st_mode) == 0o700


def test_only_the_newest_are_kept() -> None:
    first = Path(keep_piped(b"first", "mail", ".txt"))
    os.utime(first, (0, 0))
    for number in range(MOST_FILES):
        keep_piped(b"%d" % number, "mail", ".txt")

    assert len(list(piped_directory().glob("*/*"))) == MOST_FILES
    assert not first.parent.exists()


def test_all_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.files.piped.MOST_IN_ALL", 20)
    kept = [Path(keep_piped(b"%d" % n * 8, "mail", ".txt")) for n in range(4)]

    assert sum(path.exists() for path in kept) == 2
    assert kept[-1].exists()


def test_what_was_just_kept_stays_although_the_clock_has_gone_back() -> None:
    for number in range(MOST_FILES):
        path = keep_piped(b"%d" % number, "mail", ".txt")
        os.utime(path, (2**32, 2**32))

    assert Path(keep_piped(b"now", "mail", ".txt")).exists()
