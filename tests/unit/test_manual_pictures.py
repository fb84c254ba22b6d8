"""The tool that makes pictures of the manual from screenshots."""

from pathlib import Path

import pytest
from PIL import Image

from tools import manual_pictures


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Where screenshots are, and where pictures go, which is not there yet."""
    found = tmp_path / "screenshots", tmp_path / "images"
    found[0].mkdir()
    monkeypatch.setattr(manual_pictures, "SCREENSHOTS", found[0])
    monkeypatch.setattr(manual_pictures, "IMAGES", found[1])
    monkeypatch.setattr(manual_pictures, "PICTURES", ("form",))
    return found


def test_a_picture_is_as_large_as_its_screenshot_in_few_colours(folders: tuple[Path, Path]) -> None:
    whole = Image.new("RGBA", (256, 100))
    whole.putdata([(x, y, 0, 255) for y in range(100) for x in range(256)])
    whole.save(folders[0] / "manual-form.png")
    assert manual_pictures.main() == 0
    with Image.open(folders[1] / "form.png") as made:
        assert made.size == (256, 100)
        assert len(made.getcolors() or []) <= 64


def test_what_is_missing_is_told_and_counted(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert manual_pictures.main() == 1
    assert "manual-form.png is missing" in capsys.readouterr().out
