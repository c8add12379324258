"""Files by the names that the readers of a mail have for them: no directory of the sender's."""

from __future__ import annotations

import os.path

from scenarios.names import policy_names, shipped_names
from scenarios.sources.candidate import split_fragment

Words = tuple[tuple[str, ...], ...]


def public_scenario(spec: str) -> str:
    """Return a scenario's name, or its file's without the directory."""
    return spec if spec in shipped_names() else _bare(spec)


def public_policy(spec: str) -> str:
    """Return a policy's name, or its file's without the directory; the candidate is kept."""
    if spec in policy_names():
        return spec
    path, number = split_fragment(spec)
    return _bare(path) if number is None else f"{_bare(path)}#{number}"


def public_options(options: Words) -> Words:
    """Return options with the bases of patches named without their directories."""
    return tuple(
        (*each[:1], *map(_bare, each[1:])) if each[:1] == ("--base",) else each for each in options
    )


def _bare(path: str) -> str:
    """Return a file's name so that it cannot be taken for one of what is shipped."""
    name = os.path.basename(os.path.normpath(path))
    return name if os.path.splitext(name)[1] else f"./{name}"
