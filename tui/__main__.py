"""`python -m tui` is `kvmcache-tui`."""

from __future__ import annotations

import sys

from tui.command_line.main import main

sys.exit(main())
