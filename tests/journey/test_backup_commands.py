"""``backup`` and ``restore`` as administrators use them."""

from pathlib import Path

from tests.journey.conftest import Hongniang


def test_a_backup_is_restored_onto_an_empty_machine(
    hongniang: Hongniang, data: Path, tmp_path: Path
) -> None:
    file, other = tmp_path / "hongniang.tar.gz", tmp_path / "other"
    made = hongniang("backup", file, data=data)
    assert made.code == 0, made.err
    assert "成果 168 条，需求 64 条" in made.out
    assert "secret.key" in made.out
    back = hongniang("restore", file, data=other)
    assert back.code == 0, back.err
    assert "成果 168 条，需求 64 条" in back.out
    asked = ("match", "--text", "印染废水色度高", "-k", "3", "--json")
    assert hongniang(*asked, data=other).json == hongniang(*asked, data=data).json
    figures = hongniang("backup", file, "--json", data=other).json
    assert figures["rows"]["achievements"] == 168


def test_what_cannot_be_restored_is_4_and_a_sentence(
    hongniang: Hongniang, data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "hongniang.tar.gz"
    assert hongniang("backup", file, data=data).code == 0
    into_use = hongniang("restore", file, data=data)
    assert (into_use.code, into_use.out) == (4, "")
    assert "不是空的" in into_use.err
    file.write_bytes(file.read_bytes()[:-100])
    broken = hongniang("restore", file, data=tmp_path / "other")
    assert broken.code == 4
    assert "不完整或被改动过" in broken.err
    assert not (tmp_path / "other").exists()


def test_what_cannot_be_read_or_written_is_6(
    hongniang: Hongniang, data: Path, tmp_path: Path
) -> None:
    nowhere = tmp_path / "none" / "hongniang.tar.gz"
    assert hongniang("backup", nowhere, data=data).code == 6
    assert hongniang("restore", nowhere, data=tmp_path / "other").code == 6
