"""The way in, for `kvmcache-tui` and `python -m tui`."""

from __future__ import annotations

import sys

from tui.collector import collect_seldom


def main() -> int:
    """Run the command that the arguments name and return the exit code."""
    # Before all that is imported next: classes are made of cycles, and none of them is garbage.
    collect_seldom()
    from tui.command_line.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
