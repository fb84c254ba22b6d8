"""Which bundles there are, which one is current, and which was before it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from matcher.errors import BundleDamaged, BundleError, BundleMissing
from matcher.files import write_whole
from matcher.ranking.grader import Grader
from matcher.representation import TfidfRepresentation
from models import bundle
from models.bundle import Bundle, Figures, Manifest
from models.default import NAME, default_bundle, default_grader

_CURRENT: Final = "current.json"
_NAMES: Final = TypeAdapter(list[str])


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of ``hongniang models list``."""

    name: str
    created: str
    figures: dict[str, float | int]
    current: bool


class Registry:
    """The folder of bundles. ``current.json`` holds the names that were current, newest last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(
        self,
        representation: TfidfRepresentation,
        figures: Figures,
        grader: Grader | None = None,
        current: bool = True,
    ) -> str:
        """Save a new bundle, make it current unless told not to, and return its name."""
        name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        bundle.save(representation, self._folder / name, figures, grader)
        if not current:
            return name
        try:
            earlier = self._history()
        except BundleDamaged:
            earlier = []  # a new bundle is the way out of a damaged list
        self._write([*earlier, name])
        return name

    def current(self) -> str:
        """The name of the current bundle. Raises BundleMissing if there is none."""
        history = self._history()
        if not history:
            raise BundleMissing("还没有训练过的模型，请先运行 hongniang fit。")
        return history[-1]

    def newest(self) -> str:
        """The name that ``load`` would load now."""
        history = self._history()
        return history[-1] if history else NAME

    def recent(self, count: int) -> list[str]:
        """The names of the last ``count`` different bundles that were current, newest first."""
        return list(dict.fromkeys(reversed(self._history())))[:count]

    def load(self, name: str | None = None) -> Bundle:
        """Verify and load this bundle, or the current one; the default one if there is none."""
        if name is None and not self._history():
            return default_bundle()
        return bundle.load(self._path(self.current() if name is None else name))

    def grader(self) -> Grader | None:
        """The grader of the current bundle; the default one if that is missing or unusable."""
        try:
            return self.load().grader
        except BundleError:
            return default_grader()

    def verify(self, name: str | None = None) -> Manifest:
        """Verify this bundle, or the current one, and return its manifest."""
        return bundle.verify(self._path(self.current() if name is None else name))

    def manifest(self, name: str) -> Manifest:
        """What a bundle says about itself, whether or not it can be used."""
        return bundle.read_manifest(self._path(name))

    def glance(self, name: str) -> Manifest:
        """The manifest, after a look that finds most of what ``verify`` does, but at once."""
        return bundle.glance(self._path(name))

    def names(self) -> list[str]:
        """All bundles in the folder, newest first."""
        return sorted((p.name for p in self._folder.glob("[!.]*") if p.is_dir()), reverse=True)

    def use(self, name: str) -> None:
        """Make a bundle current after verifying it."""
        self.verify(name)
        try:
            earlier = self._history()
        except BundleDamaged:
            earlier = []  # a good bundle is the way out of a damaged list
        self._write([*earlier, name])

    def roll_back(self) -> str:
        """Go back to the bundle that was current before, verified first, and return its name."""
        earlier, current = self._history(), self.current()
        while earlier and earlier[-1] == current:
            earlier.pop()
        if not earlier:
            raise BundleMissing("没有更早的模型可以回退。")
        self.verify(earlier[-1])
        self._write(earlier)
        return earlier[-1]

    def bundles(self) -> list[Listed]:
        """All bundles, newest first; a damaged one is listed with empty figures."""
        history = self._history()
        current = history[-1] if history else None
        return [self._listed(name, name == current) for name in self.names()]

    def _listed(self, name: str, current: bool) -> Listed:
        try:
            manifest = bundle.read_manifest(self._folder / name)
        except BundleDamaged:
            return Listed(name, "已损坏", {}, current)
        return Listed(name, manifest.created, manifest.figures, current)

    def _path(self, name: str) -> Path:
        if not name or Path(name).name != name or name.startswith("."):
            raise BundleMissing(f"“{name}”不是模型包的名称，可用 hongniang models list 查看。")
        return self._folder / name

    def _history(self) -> list[str]:
        try:
            return _NAMES.validate_json((self._folder / _CURRENT).read_bytes())
        except FileNotFoundError:
            return []
        except ValueError as error:
            message = f"{self._folder / _CURRENT} 已损坏，请运行 hongniang fit 重新训练。"
            raise BundleDamaged(message) from error

    def _write(self, names: list[str]) -> None:
        write_whole(self._folder / _CURRENT, json.dumps(names).encode())
