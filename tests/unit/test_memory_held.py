"""What a process that serves for weeks keeps has bounds, counted in entries."""

import platform
import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import csr_array

from api.security.redaction import public_demand, public_title
from api.services.workspace import Workspace
from matcher import Achievement, Demand
from matcher.background import document_shares
from matcher.index import packing
from matcher.index.documents import Documents
from matcher.index.port import Entry
from matcher.index.segment import Segment
from matcher.pairing import claims as reading
from matcher.pairing.claims import claims
from matcher.termtable import TermTable

THREADS = """
import ctypes, threading
together = threading.Barrier(8)
def hold():
    together.wait()
    kept.append(bytearray(100_000))
    together.wait()
kept = []
threads = [threading.Thread(target=hold) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""
HERE = "from api.services.allocation import one_heap; one_heap()"
STARTED = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)"


def test_numbers_are_kept_of_so_many_texts_and_no_more() -> None:
    for number in range(reading._CACHED_TEXTS + 50):
        reading._quantities(f"第{number}号样机")
    assert reading._quantities.cache_info().currsize == reading._CACHED_TEXTS == 4096


def test_a_demand_takes_no_place_among_the_texts_of_achievements() -> None:
    demand = Demand(id="d", title="除氟", indicators="出水氟离子≤8 mg/L，能耗低于2 kWh/t。")
    offer = Achievement(id="a", title="除氟膜", abstract="出水氟离子6 mg/L。可租用。")
    reading._requirements.cache_clear()
    reading._quantities.cache_clear()
    assert claims([(demand, offer)])[0]
    assert reading._requirements.cache_info().currsize == 1
    assert reading._quantities.cache_info().currsize == 1  # the sentence that names it


def test_a_title_is_hidden_as_in_the_public_view_and_nothing_is_kept() -> None:
    sent = [
        Demand(id=f"d{number}", title=f"华兴含氟废水{number}", organisation="苏州华兴化工公司")
        for number in range(9)
    ]
    before = public_demand.cache_info().currsize
    titles = [public_title(demand) for demand in sent]
    assert public_demand.cache_info().currsize == before
    assert titles == [public_demand(demand).title for demand in sent]
    assert all("华兴" not in title for title in titles)


def test_a_write_starts_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a thread for a handful of rows")

    monkeypatch.setattr(packing, "ThreadPoolExecutor", refused)
    rows = csr_array(np.array([[0.6, 0.0, 0.8], [0.0, 1.0, 0.0]], dtype=np.float32))
    segment = Segment.of(Documents.of([Entry("a"), Entry("b")]), rows)
    assert (segment.rows(segment.numbers(["a", "b"])) != rows).nnz == 0


def test_a_table_of_terms_keeps_no_second_copy_of_them() -> None:
    table = TermTable("废水 氨氮\n")
    assert table.terms() == ["废水", "氨氮"]
    assert table.terms() is not table.terms()


def test_who_writes_first_finds_all_loaded(space: Workspace) -> None:
    vocabulary = space.matchmaker.representation.vocabulary_
    vars(vocabulary).pop("_table", None)
    document_shares.cache_clear()
    space.live.warm_up()
    assert "_table" in vars(vocabulary)
    assert document_shares.cache_info().currsize == 1


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps as glibc has them")
@pytest.mark.parametrize(("first", "is_one"), [(HERE, True), ("", False)])
def test_threads_share_a_heap(first: str, is_one: bool) -> None:
    assert (heaps(f"{first}\n{THREADS}") == 1) is is_one


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps as glibc has them")
@pytest.mark.parametrize(("first", "is_one"), [(HERE, True), ("", False)])
def test_so_do_those_of_processes_that_are_started_then(first: str, is_one: bool) -> None:
    assert (heaps(f"{first}\n{STARTED}", THREADS) == 1) is is_one


def heaps(script: str, *arguments: str) -> int:
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.count("<heap nr=")
