from __future__ import annotations

import subprocess

from tui.presenters.reports.plain import is_shown
from tui.presenters.shell import joined


def test_words_that_need_it_are_quoted() -> None:
    assert joined(("run", "my file", "a'b", "é.c")) == """run 'my file' 'a'"'"'b' 'é.c'"""


def test_what_could_steer_a_terminal_is_escaped_and_comes_out_the_same() -> None:
    words = ("\x1b]0;owned\x07", "\x9b31m a\\b'c", "\u202eé\n1", "\udcff.c", "\x010")
    command = joined(("printf", "%s|", *words))
    assert [each for each in command if not is_shown(each)] == []
    assert joined(("\x1b[m\n'",)) == r"$'\x1b[m\x0a\''"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
    assert done.stdout == "".join(f"{each}|" for each in words).encode("utf-8", "surrogateescape")
