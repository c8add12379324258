"""Files that are no longer in order: pieces cut, repeated, swapped, and put in from elsewhere."""

from __future__ import annotations

import random
from collections.abc import Sequence

_MOST_CHANGES = 5
_MOST_BYTES = 60


def mutated(rng: random.Random, contents: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Return one of the contents after a few changes."""
    content = rng.choice(contents)
    for _ in range(rng.randint(1, _MOST_CHANGES)):
        content = _changed(rng, content, contents, words)
    return content


def _changed(
    rng: random.Random, content: bytes, contents: Sequence[bytes], words: Sequence[bytes]
) -> bytes:
    start = rng.randint(0, len(content))
    end = min(len(content), start + rng.randint(0, _MOST_BYTES))
    piece = content[start:end]
    match rng.choice(("cut", "repeat", "word", "word", "byte", "splice", "line", "number")):
        case "cut":
            piece = b""
        case "repeat":
            piece *= rng.choice((2, 3, 50))
        case "word":
            piece = rng.choice(words) if rng.random() < 0.5 else piece + rng.choice(words)
        case "byte":
            piece = bytes([rng.randrange(256)]) + piece[1:]
        case "splice":
            other = rng.choice(contents)
            at = rng.randint(0, len(other))
            piece = other[at : at + rng.randint(0, 4 * _MOST_BYTES)]
        case "line":
            lines = content.splitlines(keepends=True)
            rng.shuffle(lines)
            return b"".join(lines) if rng.random() < 0.2 else b"".join([*lines[:1], content])
        case _:
            digits = [index for index, byte in enumerate(content) if 48 <= byte < 58]
            if digits:
                start = rng.choice(digits)
                end, piece = start + 1, rng.choice((b"0", b"9" * 30, b"-1", b"0x", b"1.5"))
    return content[:start] + piece + content[end:]
