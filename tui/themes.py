"""The themes: a dark and a light one in which guest, KVM and hardware are told apart."""

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
