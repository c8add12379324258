from __future__ import annotations

from collections.abc import Callable

import pytest

from tui.sessions.session import Session


@pytest.fixture
def headline(session: Callable[..., Session]) -> Session:
    """Return the headline's session, at step 0 of 26."""
    return session("secondary-stale-line", "vcpu0-only")
