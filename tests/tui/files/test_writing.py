from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.tui.files.saved import files_of_at_most
from tui.files.writing import clear_leftovers, make_private, write_new, write_whole

ROOT = Path(__file__).parents[3]
CONTENTS = (b"a" * 300_000, b"b" * 700_000)

REWRITE = """
import sys
from tui.files.writing import write_whole
contents = b"a" * 300_000, b"b" * 700_000
while True:
    for content in contents:
        write_whole(sys.argv[1], content)
    print(flush=True)
"""


def test_a_new_file_has_what_was_written_and_the_permissions_of_new_files(tmp_path: Path) -> None:
    new, other = tmp_path / "new", tmp_path / "other"
    other.touch()

    write_whole(str(new), b"\x00\xff\n")

    assert new.read_bytes() == b"\x00\xff\n"
    assert new.stat().st_mode == other.stat().st_mode
    assert sorted(tmp_path.iterdir()) == [new, other]


def test_the_mask_of_new_files_is_respected(tmp_path: Path) -> None:
    mask = os.umask(0o077)
    try:
        write_whole(str(tmp_path / "new"), b"")
    finally:
        os.umask(mask)

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_a_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)

    write_whole(str(path), b"new")

    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", mode)


def test_a_file_is_replaced_and_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    with path.open("rb") as reader:
        write_whole(str(path), b"new")
        assert reader.read() == b"old"


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_goes_on_pointing_at_the_file(tmp_path: Path, exists: bool) -> None:
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir()
    if exists:
        (folder / "file").write_bytes(b"old")
    link.symlink_to("folder/file")

    write_whole(str(link), b"new")

    assert (os.readlink(link), (folder / "file").read_bytes()) == ("folder/file", b"new")
    assert list(folder.iterdir()) == [folder / "file"]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(str(path), b"all of it")
        assert os.read(reader, 100) == b"all of it"
    finally:
        os.close(reader)

    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_device_is_written_to() -> None:
    write_whole(os.devnull, b"nothing")

    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_whole(str(path), b"new")

    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_a_directory_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(str(tmp_path / "none" / "file"), b"new")


def test_a_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        write_whole(str(tmp_path), b"new")


@pytest.mark.parametrize("moment", range(8))
def test_whoever_reads_finds_a_whole_file_even_after_a_kill(tmp_path: Path, moment: int) -> None:
    path = tmp_path / "file"
    with subprocess.Popen(
        [sys.executable, "-c", REWRITE, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        end = time.monotonic() + 0.02 + 0.003 * moment
        while time.monotonic() < end:
            assert path.read_bytes() in CONTENTS
        child.kill()

    assert child.returncode == -9
    assert path.read_bytes() in CONTENTS
    clear_leftovers([tmp_path, tmp_path / "none"])
    assert list(tmp_path.iterdir()) == [path]
    write_whole(str(path), b"new")
    assert path.read_bytes() == b"new"


def test_what_a_killed_write_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    others = {".kvmcache-tui-", f".kvmcache-tui-{'0' * 15}g", f"a.kvmcache-tui-{'0' * 16}"}
    folder, target = f".kvmcache-tui-{'1' * 16}", tmp_path / "target"
    for name in (*others, f".kvmcache-tui-{'0' * 16}"):
        (tmp_path / name).touch()
    (tmp_path / folder).mkdir()
    target.touch()
    (tmp_path / f".kvmcache-tui-{'2' * 16}").symlink_to(target)

    clear_leftovers([tmp_path])

    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*others, folder, "target", f".kvmcache-tui-{'2' * 16}"}


def test_a_write_that_is_under_way_is_not_taken_for_a_killed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way = list[str]()

    def settled(_: int) -> None:
        under_way.extend(path.name for path in tmp_path.iterdir())
        clear_leftovers([tmp_path])

    monkeypatch.setattr(os, "fsync", settled)
    write_whole(str(tmp_path / "file"), b"new")

    assert under_way[0].startswith(".kvmcache-tui-")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_file_system_without_links_has_new_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    write_new(str(tmp_path / "a"), b"mine")
    with pytest.raises(FileExistsError):
        write_new(str(tmp_path / "a"), b"other")

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"mine"


def test_a_name_that_is_taken_is_not_taken_from_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_new(str(path), b"mine")
    (tmp_path / "nowhere").symlink_to(tmp_path / "none")
    (tmp_path / "folder").mkdir()
    for name in ("a", "nowhere", "folder"):
        with pytest.raises(FileExistsError):
            write_new(str(tmp_path / name), b"other")
    assert path.read_bytes() == b"mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "folder", "nowhere"]


def test_a_new_file_that_cannot_be_written_leaves_its_name_free(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File too large"), files_of_at_most(1000):
        write_new(str(tmp_path / "a"), bytes(2000))
    assert list(tmp_path.iterdir()) == []


def test_missing_directories_are_made_for_the_user_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    make_private(tmp_path / "one" / "two")
    make_private(tmp_path / "one" / "two")

    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("", "one", "one/two")]
    assert modes == [0o755, 0o700, 0o700]


def test_a_directory_where_a_file_lies_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OSError, match="file"):
        make_private(tmp_path / "file" / "under")
