"""A sealed folder: whatever is changed in it afterwards is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lakebook.errors import ModelTampered
from lakebook.ml import seal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder of files."""
    (tmp_path / "model" / "deep").mkdir(parents=True)
    (tmp_path / "model" / "deep" / "model.pkl").write_bytes(b"\x80weights")
    (tmp_path / "record.json").write_text('{"score": 0.8}')
    return tmp_path


def test_an_untouched_folder_passes(folder: Path) -> None:
    digest = seal.seal(folder)
    seal.check(folder, digest)
    assert seal.check_file(folder, digest, "record.json") == b'{"score": 0.8}'
    assert set(json.loads((folder / seal.MANIFEST).read_text())["files"]) == {"model/deep/model.pkl", "record.json"}


def change_a_byte(folder: Path) -> None:
    (folder / "model/deep/model.pkl").write_bytes(b"\x80Weights")


def add_a_file(folder: Path) -> None:
    (folder / "model/extra.pkl").write_bytes(b"\x80")


def remove_a_file(folder: Path) -> None:
    (folder / "model/deep/model.pkl").unlink()


def link_a_file(folder: Path) -> None:
    elsewhere = folder.parent / f"{folder.name}-elsewhere.pkl"
    (folder / "model/deep/model.pkl").rename(elsewhere)
    (folder / "model/deep/model.pkl").symlink_to(elsewhere)


def link_a_folder(folder: Path) -> None:
    elsewhere = folder.parent / f"{folder.name}-elsewhere"
    (folder / "model/deep").rename(elsewhere)
    (folder / "model/deep").symlink_to(elsewhere)


def seal_anew(folder: Path) -> None:
    change_a_byte(folder)
    seal.seal(folder)


def lose_the_manifest(folder: Path) -> None:
    (folder / seal.MANIFEST).unlink()


@pytest.mark.parametrize(
    "tamper",
    [change_a_byte, add_a_file, remove_a_file, link_a_file, link_a_folder, seal_anew, lose_the_manifest],
)
def test_every_change_is_found(folder: Path, tamper: Callable[[Path], None]) -> None:
    digest = seal.seal(folder)
    tamper(folder)
    with pytest.raises(ModelTampered) as found:
        seal.check(folder, digest)
    assert str(folder) not in found.value.message


def test_a_single_changed_or_missing_file_is_found(folder: Path) -> None:
    digest = seal.seal(folder)
    (folder / "record.json").write_text('{"score": 1.0}')
    with pytest.raises(ModelTampered, match=r"record\.json"):
        seal.check_file(folder, digest, "record.json")
    (folder / "record.json").unlink()
    with pytest.raises(ModelTampered):
        seal.check_file(folder, digest, "record.json")
