"""The secret of an installation: made once, readable by its owner alone, and the same for all."""

import multiprocessing
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier as ProcessBarrier
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from api.security import keyfile
from api.security.keyfile import SHORTEST, secret_of
from matcher.errors import StoreUnavailable


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    secret = secret_of(tmp_path, "")
    assert len(secret) >= 64
    assert secret_of(tmp_path, "") == secret
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_every_installation_has_its_own(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    assert secret_of(tmp_path / "one", "") != secret_of(tmp_path / "other", "")


def test_nobody_but_the_owner_can_read_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        secret_of(tmp_path, "")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_secret_of_the_settings_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert secret_of(tmp_path, "s" * SHORTEST) == b"s" * SHORTEST
    assert list(tmp_path.iterdir()) == []


def test_a_short_secret_is_refused_wherever_it_is(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="HONGNIANG_SECRET"):
        secret_of(tmp_path, "s" * (SHORTEST - 1))
    for content in ("", "\n", "s" * (SHORTEST - 1) + " \n"):
        (tmp_path / "secret.key").write_text(content)
        with pytest.raises(StoreUnavailable, match=r"secret\.key"):
            secret_of(tmp_path, "")


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()  # also for root, whom permissions do not stop
    with pytest.raises(StoreUnavailable, match=r"secret\.key"):
        secret_of(tmp_path, "")
    with pytest.raises(StoreUnavailable, match=r"secret\.key"):
        secret_of(tmp_path / "no such folder", "")


def _read(folder: Path, start: ProcessBarrier, results: Any) -> None:
    start.wait()
    results.put(secret_of(folder, ""))


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for turn in range(5):
        folder = tmp_path / str(turn)
        folder.mkdir()
        start, results = context.Barrier(2), context.SimpleQueue()
        processes = [context.Process(target=_read, args=(folder, start, results)) for _ in "12"]
        for process in processes:
            process.start()
        secrets = {results.get() for _ in processes}
        for process in processes:
            process.join()
        assert secrets == {secret_of(folder, "")}
        assert [path.name for path in folder.iterdir()] == ["secret.key"]


def test_threads_that_start_at_once_share_one_secret_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Barrier(2, timeout=20)
    make = keyfile._make

    def met(path: Path) -> None:
        both.wait()  # each has seen that there is no file
        make(path)

    monkeypatch.setattr(keyfile, "_make", met)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: secret_of(tmp_path, ""), range(2))
    assert one == other
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_what_a_killed_process_left_beside_it_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killed)
        with pytest.raises(Killed):
            secret_of(tmp_path, "")
    assert not (tmp_path / "secret.key").exists()
    assert len(secret_of(tmp_path, "")) >= SHORTEST  # with the same process number as before
