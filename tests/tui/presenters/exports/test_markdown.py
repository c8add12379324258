from __future__ import annotations

from collections.abc import Callable

from tui.presenters.exports.markdown import plain, run_as_markdown
from tui.presenters.exports.shared import SharedRun


def test_what_markdown_would_read_as_its_own_is_escaped() -> None:
    assert plain("a|b *c* _d_ <e> `f` [g]") == r"a\|b \*c\* \_d\_ \<e\> \`f\` \[g\]"


def test_the_deciding_line_is_quoted_as_c(shared: Callable[..., SharedRun]) -> None:
    text = run_as_markdown(shared("secondary-stale-line"))

    assert "\n```c\nif (vcpu->vcpu_id == 0)\n```\n" in text
