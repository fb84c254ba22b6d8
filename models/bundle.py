"""A bundle: the folder in which a fitted model is kept. The only import of joblib.

::

    manifest.json          format, time, segmenter, library versions, figures, sha256 of every file
    representation.joblib  the fitted TfidfRepresentation, uncompressed so that arrays can be mapped
    grader.json            the grader, in plain numbers that no library upgrade can break (optional)

Loading with joblib runs code from the file. It is therefore done only after every file agrees with
the manifest, and only for folders of the project's own registry, never for uploads.
"""

import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import joblib
import numpy as np
from pydantic import BaseModel

from matcher.errors import BundleDamaged, BundleMismatch, BundleMissing
from matcher.files import flush, sha256
from matcher.ranking.grader import Grader
from matcher.representation import TfidfRepresentation
from matcher.text.segment import identity
from models.grader_file import read_grader, write_grader

FORMAT: Final = 2
MANIFEST: Final = "manifest.json"
_REPRESENTATION: Final = "representation.joblib"
_GRADER: Final = "grader.json"
_LIBRARIES: Final = ("scikit-learn", "numpy", "scipy", "joblib", "OpenCC")
Figures = Mapping[str, float | int]


class Runtime(BaseModel):
    """What has to be the same when a bundle is loaded as when it was made."""

    python: str
    segmenter: dict[str, str]
    libraries: dict[str, str]


class Manifest(BaseModel):
    """What a bundle says about itself."""

    format: int
    created: str
    runtime: Runtime
    figures: dict[str, float | int]
    sha256: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A loaded bundle. ``name`` identifies the model wherever its output is kept.

    The one that ships has no manifest, for nothing in it was fitted here.
    """

    name: str
    representation: TfidfRepresentation
    manifest: Manifest | None = None
    grader: Grader | None = None


def save(
    representation: TfidfRepresentation,
    folder: Path,
    figures: Figures,
    grader: Grader | None = None,
) -> None:
    """Write a bundle to a neighbour of ``folder``, flush it to disk, and rename it into place."""
    beside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        _write(representation, beside, figures, grader)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    flush(folder.parent)


def _write(
    representation: TfidfRepresentation, folder: Path, figures: Figures, grader: Grader | None
) -> None:
    joblib.dump(representation, folder / _REPRESENTATION, compress=0)
    if grader is not None:
        write_grader(grader, folder / _GRADER)
    manifest = Manifest(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        runtime=runtime(representation.segmenter),
        figures=dict(figures),
        sha256={path.name: sha256(path) for path in sorted(folder.iterdir())},
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2), "utf-8")
    for path in (*folder.iterdir(), folder):
        flush(path)


def runtime(segmenter: str) -> Runtime:
    """What this process would write into a bundle."""
    return Runtime(
        python=".".join(platform.python_version_tuple()[:2]),
        segmenter=identity(segmenter),
        libraries={name: version(name) for name in _LIBRARIES},
    )


def verify(folder: Path) -> Manifest:
    """Check a bundle without running anything from it, and return its manifest.

    Raises BundleMissing, BundleDamaged (files and manifest disagree) or BundleMismatch (made with
    another format, segmenter, word list or library).
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.sha256.items():
        path = folder / Path(name).name
        if not path.is_file() or sha256(path) != expected:
            raise BundleDamaged(_bad_file(folder, name))
    _check_fit(folder, manifest)
    return manifest


def glance(folder: Path) -> Manifest:
    """Like ``verify``, without reading the files through: for lists. What it passes may fail."""
    manifest = read_manifest(folder)
    for name in manifest.sha256:
        if not (folder / Path(name).name).is_file():
            raise BundleDamaged(_bad_file(folder, name))
    _check_fit(folder, manifest)
    return manifest


def _check_fit(folder: Path, manifest: Manifest) -> None:
    difference = _difference(manifest)
    if difference:
        raise BundleMismatch(
            f"模型包 {folder.name} 与当前环境不一致（{difference}），"
            "请运行 hongniang fit 重新训练。"
        )


def read_manifest(folder: Path) -> Manifest:
    """The manifest, its shape checked. Raises BundleMissing or BundleDamaged."""
    if not folder.is_dir():
        raise BundleMissing(f"没有名为 {folder.name} 的模型包，可用 hongniang models list 查看。")
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise BundleDamaged(_bad_manifest(folder)) from error
    if _REPRESENTATION not in manifest.sha256:
        raise BundleDamaged(_bad_manifest(folder))
    return manifest


def _bad_file(folder: Path, name: str) -> str:
    return (
        f"模型包 {folder.name} 的文件 {name} 缺失或被改动，请用 hongniang models rollback "
        "回到上一个模型，或运行 hongniang fit 重新训练。"
    )


def _bad_manifest(folder: Path) -> str:
    return f"模型包 {folder.name} 的清单缺失或损坏，请运行 hongniang fit 重新训练。"


def load(folder: Path) -> Bundle:
    """Verify a bundle, then load it with its arrays memory-mapped, read-only."""
    manifest = verify(folder)
    representation = joblib.load(folder / _REPRESENTATION, mmap_mode="r")
    if not isinstance(representation, TfidfRepresentation):
        raise BundleDamaged(f"模型包 {folder.name} 的内容不是表示模型，请运行 hongniang fit。")
    for name in ("idf_", "kinds_"):  # still mapped, but read without what a memmap does besides
        setattr(representation, name, np.asarray(getattr(representation, name)))
    grader = read_grader(folder / _GRADER) if _GRADER in manifest.sha256 else None
    return Bundle(folder.name, representation, manifest, grader)


def _difference(manifest: Manifest) -> str:
    """What differs between the manifest and this process; empty if nothing does."""
    if manifest.format != FORMAT:
        return f"格式 {manifest.format} ≠ {FORMAT}"
    name = manifest.runtime.segmenter.get("name", "?")
    try:
        then, now = _flat(manifest.runtime), _flat(runtime(name))
    except PackageNotFoundError:
        return f"缺少分词器 {name}"
    changed = [key for key in sorted(then.keys() | now.keys()) if then.get(key) != now.get(key)]
    return ", ".join(f"{key}: {then.get(key)} → {now.get(key)}" for key in changed)


def _flat(made_with: Runtime) -> dict[str, str]:
    parts = {"segmenter": made_with.segmenter, "libraries": made_with.libraries}
    flat = {"python": made_with.python}
    for part, values in parts.items():
        flat |= {f"{part}.{key}": value for key, value in values.items()}
    return flat
