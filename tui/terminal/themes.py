"""The themes: dark, light, and two of high contrast; guest, KVM and hardware are told apart."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme


def _muted(*, text: str, row: str) -> dict[str, str]:
    """Return the colours of faint text, and of what lies behind the row at hand.

    They are colours of their own, not shares of others, so that each can be read on each.
    """
    return {"foreground-muted": text, "primary-muted": row}


DARK: Final = Theme(
    name="kvmcache-dark",
    primary="#5aa9e6",
    secondary="#b99bf0",
    accent="#4fc3b8",
    warning="#f0b429",
    error="#ff7b7b",
    success="#7bc96f",
    foreground="#e6e6e6",
    background="#12151a",
    surface="#1a1f26",
    panel="#232a33",
    dark=True,
    variables=_muted(text="#949da8", row="#1e3246"),
)
LIGHT: Final = Theme(
    name="kvmcache-light",
    primary="#0b5cad",
    secondary="#6b3fb5",
    accent="#006660",
    warning="#7a4d00",
    error="#b3212f",
    success="#22681f",
    foreground="#1b1f24",
    background="#fdfdfb",
    surface="#f1f2ee",
    panel="#e3e6e1",
    dark=False,
    variables=_muted(text="#5d646c", row="#dbe7f3"),
)
HIGH_CONTRAST: Final = Theme(
    name="kvmcache-high-contrast",
    primary="#66d9ff",
    secondary="#ffb3ff",
    accent="#66ffe0",
    warning="#ffd700",
    error="#ffa0a0",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#2b2b2b",
    dark=True,
    variables=_muted(text="#bcbcbc", row="#14303a"),
)
HIGH_CONTRAST_LIGHT: Final = Theme(
    name="kvmcache-high-contrast-light",
    primary="#003a8c",
    secondary="#5b00a3",
    accent="#004540",
    warning="#5e3300",
    error="#8c0000",
    success="#004d00",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#d9d9d9",
    dark=False,
    variables=_muted(text="#404040", row="#dce6f5"),
)

THEMES: Final = (DARK, LIGHT, HIGH_CONTRAST, HIGH_CONTRAST_LIGHT)
