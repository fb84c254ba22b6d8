"""The pictures of the manual, from what ``tests/manual`` saw: ``make pictures``.

The tests keep them in build/screenshots in all their colours; here they become small.
"""

import sys
from pathlib import Path
from typing import Final

from PIL import Image

_ROOT: Final = Path(__file__).parents[1]
SCREENSHOTS: Final = _ROOT / "build" / "screenshots"
IMAGES: Final = _ROOT / "docs" / "用户手册" / "images"
HEAVIEST: Final = 120_000
"""Bytes of one picture."""
PICTURES: Final = (
    *("form", "receipt", "returned"),
    *("inbox", "pairings", "compare", "support", "board", "case", "subscription"),
    *("resources", "overview", "map", "call", "day"),
    *("columns", "users", "models", "audit"),
)
_COLOURS: Final = 64


def picture(source: Path) -> Image.Image:
    """A screenshot in few colours."""
    with Image.open(source) as whole:
        return whole.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)


def main() -> int:
    """Make all pictures; how many screenshots were missing."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    missing = 0
    for name in PICTURES:
        source, target = SCREENSHOTS / f"manual-{name}.png", IMAGES / f"{name}.png"
        if not source.exists():
            print(f"{source.name} is missing: run the tests in tests/manual first")
            missing += 1
            continue
        picture(source).save(target, optimize=True)
        print(f"{target.name}: {target.stat().st_size:,} bytes")
    return missing


if __name__ == "__main__":
    sys.exit(bool(main()))
