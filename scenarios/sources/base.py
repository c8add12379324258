"""What patches are applied to: the files and kernel trees that `--base` names, read when needed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

import attrs

from engine.refusal import InFile, RefusedError
from scenarios.sources.mail.encoding import decode_file, tidy

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_ENTRIES: Final = 40_000
"""How many names a directory that is searched may hold, at any depth."""

C_SUFFIXES: Final = (".c", ".h")
_ROOMS: Final = (
    *("arch/arm64/kvm", "arch/arm64/include", "arch/arm64/kernel", "arch/arm64/mm", "virt"),
    *("arch/arm/kvm", "arch/arm/include", "arch/arm/mm", "include/kvm", "include/linux"),
)
"""Where a whole kernel tree has what KVM/arm64 is made of."""

_TOP: Final = frozenset(
    (
        *("Documentation", "LICENSES", "arch", "block", "certs", "crypto", "drivers", "fs"),
        *("include", "init", "io_uring", "ipc", "kernel", "lib", "mm", "net", "rust", "samples"),
        *("scripts", "security", "sound", "tools", "usr", "virt"),
    )
)
"""The directories of a kernel tree."""


@attrs.frozen
class Builtin:
    """KVM's own functions as this product words them, for patches without a base."""

    name: str
    text: str


@attrs.frozen
class BaseFile:
    """A file that a patch may be applied to."""

    path: str
    """From the directory that was given, or the name of the file that was."""
    place: Path
    """Where it lies."""
    given: bool
    """It was named itself, not found in a directory."""
    root: str = ""
    """What was given that it was found by, as messages know it."""

    @cached_property
    def text(self) -> str:
        """Its text, in lines as the rest of the program has them; raises RefusedError."""
        return read_text(self.place, name=self.path)

    def tail(self, path: str) -> int:
        """Return how many parts at the end of its place are those of a path."""
        pairs = zip(reversed(self.place.parts), reversed(PurePosixPath(path).parts), strict=False)
        length = 0
        for mine, wanted in pairs:
            if mine != wanted:
                break
            length += 1
        return length

    def is_exactly(self, path: str) -> bool:
        """Say whether it is the file of that path in a kernel tree, under no other name."""
        return self.tail(path) == len(PurePosixPath(path).parts)


@attrs.frozen
class Tree:
    """What `--base` gave: files and directories, in the order given."""

    names: tuple[str, ...]
    """As messages know them."""
    files: tuple[BaseFile, ...]

    @property
    def name(self) -> str:
        """All that was given, in words."""
        return ", ".join(self.names)

    def find(self, path: str) -> BaseFile | None:
        """Return the file that is most likely the one of a patch's path, None for none."""
        likely = self.likely(path)
        return likely[0] if likely and likely[0].tail(path) else None

    def likely(self, path: str) -> tuple[BaseFile, ...]:
        """Return the files that may be the one of a patch's path, the likeliest first.

        That of the same path is the only one; else those of the same name, by how much of the
        path they share, and then what was given itself, which may have been given another name.
        """
        ranked = sorted(self.files, key=lambda file: -file.tail(path))
        if ranked and path and ranked[0].is_exactly(path):
            return (ranked[0],)
        return tuple(file for file in ranked if file.tail(path) or file.given or not path)

    def kvm_files(self) -> tuple[BaseFile, ...]:
        """Return the files that KVM/arm64 may be made of: arm64's own, shared ones, and arm's."""
        return tuple(sorted(self.files, key=lambda file: _nearness(file.path)))


def _nearness(path: str) -> int:
    arms = ("arch/arm64/", "virt/", "arch/arm/")
    return next((n for n, arm in enumerate(arms) if arm in f"{path}/"), -1)


def read_tree(words: Sequence[str]) -> Tree:
    """Return the files and directories that are named, the files read.

    Raises:
        RefusedError: one is not there, cannot be read, or is too large.
    """
    files = dict[Path, BaseFile]()
    for word in words:
        for file in _files_of(word):
            files.setdefault(file.place, file)
    return Tree(tuple(_name(word) for word in words), tuple(files.values()))


def _name(word: str) -> str:
    path = Path(word).absolute()
    return f"{path.name}{os.sep}" if path.is_dir() else path.name


def _files_of(word: str) -> Iterator[BaseFile]:
    root = Path(word)
    if not root.is_dir():
        file = BaseFile(root.name, root.absolute(), given=True, root=_name(word))
        read_text(root)
        yield file
        return
    rooms = [root / room for room in _ROOMS] if (root / "arch").is_dir() else [root]
    left = MAX_ENTRIES
    found = False
    for path in _walk(rooms):
        left -= 1
        if left < 0:
            raise RefusedError(
                f"a directory of more than {MAX_ENTRIES} files", "a kernel tree", InFile(word)
            )
        if path.suffix in C_SUFFIXES:
            found = True
            name = path.relative_to(root).as_posix()
            yield BaseFile(name, path.absolute(), given=False, root=_name(word))
    if not found:
        raise RefusedError(
            "a directory without a C file", "a kernel tree, or some of it", InFile(word)
        )


def _walk(rooms: Iterable[Path]) -> Iterator[Path]:
    """Yield the files below directories, in order, without those of hidden directories."""
    for room in rooms:
        for directory, inner, names in os.walk(room):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            yield from (Path(directory, name) for name in sorted(names))


def read_text(path: str | Path, *, name: str = "") -> str:
    """Return the text of a C file, each line ended alike; `name` is how errors call it.

    Raises:
        RefusedError: the file cannot be read, or is too large.
    """
    data = read_bytes(path, "a C file")
    if len(data) > MAX_BYTES:
        found = f"more than {MAX_BYTES >> 20} MiB"
        raise RefusedError(found, "a smaller file", InFile(name or Path(path).name))
    return "".join(f"{tidy(text)}\n" for text in split_lines(decode_file(data)))


def read_bytes(path: str | Path, wanted: str) -> bytes:
    """Return a file's bytes, and no more than one beyond the limit; raises RefusedError."""
    try:
        with Path(path).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise RefusedError(f"no readable file ({why})", wanted, InFile(str(path))) from error


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, whichever way they end."""
    unix = text.replace("\r\n", "\n")
    lines = (unix if "\n" in unix else unix.replace("\r", "\n")).split("\n")
    return lines[:-1] if not lines[-1] else lines


def is_c(path: str) -> bool:
    """Say whether a patch's path is that of a C file; code without a path may be one."""
    return not path or path.lower().endswith(C_SUFFIXES)


def may_decide(path: str) -> bool:
    """Say whether KVM/arm64 may be made of code at that path of a kernel tree."""
    parts = PurePosixPath(path).parts
    top = next((n for n, part in enumerate(parts[:2]) if part in _TOP), None)
    if not is_c(path) and not path.endswith(".S"):
        # What is built, and what is included under another name.
        built = PurePosixPath(path).name != "Kconfig"
        return built and "kvm" in parts[:-1] and (top is None or parts[top] in ("arch", "virt"))
    if parts[:1] == ("xen",):
        return False
    if top is None:
        return True
    below = parts[top + 1] if len(parts) > top + 1 else ""
    if parts[top] == "arch":
        return below in ("arm", "arm64")
    return parts[top] in ("virt", "include")
