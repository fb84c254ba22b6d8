"""The archive of a backup: one tar.gz with a manifest first, and every member's checksum in it.

::

    manifest.json           format, product version, schema revision, time, and of every member:
                            sha256, bytes, and rows where it is a table
    tables/NAME.jsonl       a table, one row a line, in the order of the manifest
    models/current.json     which bundles were current
    models/BUNDLE/…         the bundles
"""

import gzip
import hashlib
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Final

from pydantic import BaseModel, Field, ValidationError

from matcher.errors import RestoreRefused, StoreUnavailable
from matcher.files import flush, sha256

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
_LARGEST_MANIFEST: Final = 10_000_000
_BLOCK: Final = 1 << 20
_PART: Final = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}"
_PATH: Final = re.compile(rf"tables/[a-z_]{{1,60}}\.jsonl|models/{_PART}(/{_PART}){{0,2}}")
_DAMAGED: Final = "备份文件不完整或被改动过，不能用来恢复，请换一个备份。"
_NEWER: Final = "备份由更新版本的程序制作，请升级程序后再恢复。"
_BROKEN: Final = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError)


class Member(BaseModel):
    """One file of the archive; ``rows`` where it is a table."""

    sha256: str
    size: int = Field(ge=0)
    rows: int | None = None


class Manifest(BaseModel):
    """What an archive says about itself; ``members`` are in their order."""

    format: int
    product: str
    revision: str
    created: str
    members: dict[str, Member]

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {Path(n).stem: m.rows for n, m in self.members.items() if m.rows is not None}


def described(path: Path, rows: int | None = None) -> Member:
    """A file that is about to be packed."""
    return Member(sha256=sha256(path), size=path.stat().st_size, rows=rows)


def pack(manifest: Manifest, sources: Mapping[str, Path], archive: Path) -> None:
    """Write an archive of the members, whose contents are in ``sources``; beside, then renamed.

    Only its owner can read it: there are hashes of passwords in it. Raises OSError.
    """
    beside = archive.with_name(f".{archive.name}.{os.getpid()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, filename="") as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            _pack_manifest(tar, manifest)
            for name, member in manifest.members.items():
                with sources[name].open("rb") as file:
                    tar.addfile(_entry(name, member.size), file)
        flush(beside)
        beside.replace(archive)
        flush(archive.parent)
    finally:
        beside.unlink(missing_ok=True)


def unpack(archive: Path, folder: Path) -> Manifest:
    """Put the members into a new folder, each compared with the manifest; raises RestoreRefused.

    Nothing but what the manifest names is written, and of that no byte more than it says.
    """
    try:
        with (
            gzip.open(archive) as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            manifest = _unpacked(tar, folder)
            while packed.read(_BLOCK):  # to its end, where the checksum of the whole is
                pass
            return manifest
    except _BROKEN as error:
        raise RestoreRefused(_DAMAGED) from error
    except OSError as error:
        raise StoreUnavailable(
            f"无法读取备份或写入数据目录（{error.strerror}），请检查。"
        ) from error


def _pack_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    content = manifest.model_dump_json(indent=2, exclude_none=True).encode()
    tar.addfile(_entry(MANIFEST, len(content)), io.BytesIO(content))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _unpacked(tar: tarfile.TarFile, folder: Path) -> Manifest:
    entries = iter(tar)
    manifest = _read_manifest(tar, next(entries, None))
    missing = dict(manifest.members)
    for entry in entries:
        member = missing.pop(entry.name, None)
        if member is None or not entry.isreg() or entry.size != member.size:
            raise RestoreRefused(_DAMAGED)
        _copy(_content(tar, entry), folder / entry.name, member)
    if missing:
        raise RestoreRefused(_DAMAGED)
    return manifest


def _read_manifest(tar: tarfile.TarFile, entry: tarfile.TarInfo | None) -> Manifest:
    if entry is None or entry.name != MANIFEST or entry.size > _LARGEST_MANIFEST:
        raise RestoreRefused("这不是 hongniang backup 制作的备份，请核对文件。")
    raw = _content(tar, entry).read()
    _check_format(raw)
    try:
        manifest = Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise RestoreRefused(_DAMAGED) from error
    _check_paths(manifest.members)
    return manifest


def _check_format(raw: bytes) -> None:
    """Asked alone: a newer manifest need not have the shape of ours."""

    class Format(BaseModel):
        format: int

    if Format.model_validate_json(raw).format > FORMAT:
        raise RestoreRefused(_NEWER)


def _check_paths(names: Iterable[str]) -> None:
    if not all(map(_PATH.fullmatch, names)):
        raise RestoreRefused(_DAMAGED)


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(entry) if entry.isreg() else None
    if content is None:
        raise RestoreRefused(_DAMAGED)
    return content


def _copy(source: IO[bytes], target: Path, member: Member) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while block := source.read(_BLOCK):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != member.sha256:
        raise RestoreRefused(_DAMAGED)
