"""The themes: dark, light, and two of high contrast; guest, KVM and hardware are told apart."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="kvmcache-dark",
    primary="#5aa9e6",
    secondary="#b99bf0",
    accent="#4fc3b8",
    warning="#f0b429",
    error="#ff6b6b",
    success="#7bc96f",
    foreground="#e6e6e6",
    background="#12151a",
    surface="#1a1f26",
    panel="#232a33",
    dark=True,
)
LIGHT: Final = Theme(
    name="kvmcache-light",
    primary="#0b5cad",
    secondary="#6b3fb5",
    accent="#00706a",
    warning="#8f5b00",
    error="#b3212f",
    success="#2a7a2a",
    foreground="#1b1f24",
    background="#fdfdfb",
    surface="#f1f2ee",
    panel="#e3e6e1",
    dark=False,
)
HIGH_CONTRAST: Final = Theme(
    name="kvmcache-high-contrast",
    primary="#66d9ff",
    secondary="#ffb3ff",
    accent="#66ffe0",
    warning="#ffd700",
    error="#ff8080",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#2b2b2b",
    dark=True,
)
HIGH_CONTRAST_LIGHT: Final = Theme(
    name="kvmcache-high-contrast-light",
    primary="#003a8c",
    secondary="#5b00a3",
    accent="#00504a",
    warning="#6b3a00",
    error="#a30000",
    success="#005500",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#d9d9d9",
    dark=False,
)

THEMES: Final = (DARK, LIGHT, HIGH_CONTRAST, HIGH_CONTRAST_LIGHT)
