"""Whenever a process that saves an index ends, the folder holds a state that was saved."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher.index import Entry, SegmentIndex, policy

ROOT = Path(__file__).parents[2]

# A process that holds everything loaded forks a writer, kills it, and looks at the folder, again
# and again. Version n of the index replaces some documents of version n - 1 and removes others.
SCRIPT = """
import json, os, random, select, signal, sys, time
from pathlib import Path
import numpy as np
from scipy.sparse import csr_array
from matcher.index import Entry, SegmentIndex, policy

policy.FRESH = 8  # so that there are several segments, some with dead documents
folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
ONES = csr_array(np.ones((1, 50), dtype=np.float32))

def step(version):
    chance = random.Random(version)
    added = sorted(chance.sample(range(40), chance.choice([3, 30])))
    removed = chance.sample(sorted(set(range(40)) - set(added)), 4)
    return [f"{n:02}" for n in added], [f"{n:02}" for n in removed]

def row(version, ids):
    dense = np.zeros((len(ids), 50), dtype=np.float32)
    dense[:, 0] = version
    return csr_array(dense)

def advance(index, version):
    added, removed = step(version)
    index.remove(removed)
    names = [*added, "version"]
    index.add([Entry(name, stamp=str(version)) for name in names], row(version, names))

models = [{}]
def model(version):
    while len(models) <= version:
        added, removed = step(len(models))
        after = {i: v for i, v in models[-1].items() if i not in removed}
        after.update(dict.fromkeys([*added, "version"], len(models)))
        models.append(after)
    return models[version]

def version_of(index):
    hits = index.top_k(ONES, 100)
    found = dict(zip(hits.ids, map(int, hits.scores.tolist())))
    version = found.get("version", 0)
    assert found == model(version), (version, found)
    assert {i: int(s) for i, s in index.stamps().items()} == found
    entries, rows = index.get(list(found))
    assert [e.stamp for e in entries] == [str(v) for v in found.values()]
    assert rows.sum(axis=1).tolist() == list(found.values())
    return version

def write(pipe):
    index = SegmentIndex.open(folder, "m")
    version = version_of(index)
    while True:
        version += 1
        advance(index, version)
        os.write(pipe, f"saving {version}\\n".encode())
        index.save(folder, "m")
        os.write(pipe, f"saved {version}\\n".encode())

warm = SegmentIndex(50)  # compiles what the writers run, who may not live long enough for it
for version in range(1, 12):
    advance(warm, version)
    warm.save(folder.parent / "warm", "m")
    warm = SegmentIndex.open(folder.parent / "warm", "m")
    version_of(warm)
chance, begun = random.Random(seed), 0
SegmentIndex(50).save(folder, "m")
last = version_of(SegmentIndex.open(folder, "m"))
for kill in range(kills):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            write(writer)
        finally:
            os._exit(3)
    os.close(writer)
    awaited, heard = b"saved" if kill % 6 == 0 else b"saving", b""
    while awaited not in heard:  # it has begun, or now and then has done something
        assert select.select([reader], [], [], 60)[0]
        heard += os.read(reader, 4096)
    time.sleep(chance.choice([0.002, 0.03, 0.1]) * chance.random())
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with os.fdopen(reader, "rb") as rest:
        lines = [line.split() for line in (heard + rest.read()).decode().splitlines()]
    done = max([last, *(int(v) for word, v in lines if word == "saved")])
    flight = [int(v) for word, v in lines if word == "saving" and int(v) > done]
    begun += len(flight)
    now = version_of(SegmentIndex.open(folder, "m"))
    assert now in [done, *flight], (kill, now, done, flight)
    last = now
index = SegmentIndex.open(folder, "m")
index.save(folder, "m")
named = [one["name"] for one in json.loads((folder / "index.json").read_text())["segments"]]
assert sorted(path.name for path in folder.iterdir()) == sorted(["index.json", *named])
print(json.dumps({"versions": last, "in the middle": begun}))
"""


def test_after_each_of_sixty_kills_the_folder_holds_a_saved_state(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, tmp_path / "index", "60", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    counted = json.loads(run.stdout)
    assert counted["versions"] >= 10
    assert counted["in the middle"] > 5


class Ended(BaseException):
    """The process ended here; nothing catches this."""


@contextmanager
def ending(step: int) -> Iterator[Callable[[], int]]:
    """Whatever touches the disk ends the process at this step; what it yields counts the steps."""
    count = 0

    def before(original: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count >= step:
                raise Ended
            return original(*args, **kwargs)

        return stepped

    places: list[tuple[Any, str]] = [
        (Path, "mkdir"),
        (Path, "write_text"),
        (Path, "write_bytes"),
        (Path, "replace"),
        (Path, "unlink"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in places:
            patch.setattr(owner, name, before(getattr(owner, name)))
        patch.setattr(os, "fsync", before(lambda _: None))  # the real one takes long
        for name in ("rmdir", "unlink", "truncate"):
            patch.setattr(os, name, before(getattr(os, name)))
        yield lambda: count


def found(folder: Path) -> list[tuple[str, float]]:
    hits = SegmentIndex.open(folder, "m").top_k(csr_array(np.ones((1, 3), np.float32)), 99)
    return list(zip(hits.ids, hits.scores.tolist(), strict=True))


def test_at_whichever_step_a_save_ends_the_folder_holds_one_state_or_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "FRESH", 2)  # several segments

    monkeypatch.setattr(os, "fsync", lambda _: None)
    first = SegmentIndex(3)
    for start in range(0, 9, 3):
        entries = [Entry(f"{n}") for n in range(start, start + 3)]
        first.add(entries, csr_array(np.full((3, 3), start + 1, dtype=np.float32)))
    first.remove(["4"])
    first.save(tmp_path / "first", "m")

    def changed(folder: Path) -> SegmentIndex:
        """Opened from a copy of the first one, with changes that are not yet saved."""
        index = SegmentIndex.open(Path(shutil.copytree(tmp_path / "first", folder)), "m")
        index.remove(["0", "8"])
        index.add([Entry("3"), Entry("9")], csr_array(np.full((2, 3), 20, dtype=np.float32)))
        return index

    changed(tmp_path / "after").save(tmp_path / "after", "m")
    before, after = found(tmp_path / "first"), found(tmp_path / "after")
    assert before != after
    seen = []
    for step in range(1, 1000, 2):
        folder = tmp_path / str(step)
        index = changed(folder)
        with ending(step) as steps:
            try:
                index.save(folder, "m")
                break
            except Ended:
                assert steps() == step
        seen.append(found(folder))
        if step % 8 == 1:
            SegmentIndex.open(folder, "m").save(folder, "m")  # what is left over is no hindrance
            assert found(folder) == seen[-1]
            named = json.loads((folder / "index.json").read_text("utf-8"))["segments"]
            kept = {"index.json", *(one["name"] for one in named)}
            assert {path.name for path in folder.iterdir()} == kept
    assert found(folder) == after
    assert len(seen) > 25
    change = seen.index(after)  # one step makes the difference
    assert seen == [before] * change + [after] * (len(seen) - change)
    assert 0 < change < len(seen)
