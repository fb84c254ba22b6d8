"""jieba is the reference, rjieba stands in for it: on runs of Han characters they agree."""

import json
import re
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Achievement, Demand
from matcher.errors import InvalidInput
from matcher.text import segment, tokenizer
from matcher.text.lexicon import technology_terms
from matcher.text.normalise import normalised
from matcher.text.segment import identity, segmenter

NAMES = ["rjieba", "jieba"]
HAN = re.compile("[\u4e00-\u9fd5]+")  # what both dictionaries were made for
EVERY = 10
"""Every so many records of the evaluation data: jieba cuts a megabyte in a second."""


@pytest.fixture(scope="module")
def demo_texts(demo_achievements: list[Achievement], demo_demands: list[Demand]) -> list[str]:
    records = [*demo_achievements, *demo_demands]
    return [text for record in records for text in record.texts().values()]


def runs(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(run for text in texts for run in HAN.findall(normalised(text))))


def different(some: list[str]) -> list[str]:
    fast, reference = segmenter("rjieba"), segmenter("jieba")
    return [
        run
        for run in some
        if fast.words(run) != reference.words(run) or fast.spans(run) != reference.spans(run)
    ]


def evaluation_texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*/*/*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in islice(lines, 0, None, EVERY):
                yield from (v for v in json.loads(line).values() if isinstance(v, str))


def test_they_agree_on_every_run_of_the_demo_texts(demo_texts: list[str]) -> None:
    found = runs(demo_texts)
    assert len(found) > 5000
    assert different(found) == []


def test_they_agree_on_the_evaluation_data(shared_data: Path) -> None:
    found = runs(list(evaluation_texts(shared_data)))
    assert found
    assert different(found) == []


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), min_size=1))
def test_they_agree_on_runs_that_mean_nothing(run: str) -> None:
    assert different([run]) == []


@given(
    st.lists(st.sampled_from([*technology_terms(), "的", "高", "一种"]), min_size=1).map("".join)
)
def test_they_agree_on_our_own_terms_run_together(run: str) -> None:
    assert different([run]) == []


@pytest.mark.parametrize("name", NAMES)
@given(st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), min_size=1)))
def test_runs_are_cut_together_as_each_by_itself(name: str, runs: list[str]) -> None:
    assert_cut_together(name, runs)


@pytest.mark.parametrize("name", NAMES)
def test_runs_of_the_demo_texts_are_cut_together_as_each_by_itself(
    name: str, demo_texts: list[str]
) -> None:
    assert_cut_together(name, runs(demo_texts))


def assert_cut_together(name: str, separate: list[str]) -> None:
    """With a space or a line break between: so the words of many texts are cut in one call."""
    for words in (segmenter(name).words, segmenter(name).cut):
        by_run = [word for run in separate for word in words(run)]
        for gap in (" ", "\n", " \n"):
            assert [word for word in words(gap.join(separate)) if not word.isspace()] == by_run
    together = " ".join(separate)
    spans = segmenter(name).spans(together)
    assert [word for word, _, _ in spans] == segmenter(name).words(together)
    assert [together[start:end] for _, start, end in spans] == [word for word, _, _ in spans]


@pytest.mark.parametrize("run", ["㶲㷻平衡", "鿭鿬元素", "𠮷𠀋"])
def test_they_agree_on_rare_characters_side_by_side(run: str) -> None:
    """The tokenizer takes these for Han too: jieba cuts them apart, rjieba leaves them together."""
    assert tokenizer("rjieba").terms(run) == tokenizer("jieba").terms(run)


def test_they_agree_through_the_tokenizer(demo_texts: list[str]) -> None:
    fast, reference = tokenizer("rjieba"), tokenizer("jieba")
    assert [t for t in demo_texts if fast.tokens(t) != reference.tokens(t)] == []


@pytest.mark.parametrize("name", NAMES)
def test_words_and_spans_are_the_same_words(name: str, demo_texts: list[str]) -> None:
    cutter = segmenter(name)
    for run in runs(demo_texts):
        spans = cutter.spans(run)
        assert [word for word, _, _ in spans] == cutter.words(run)
        assert [run[start:end] for _, start, end in spans] == cutter.words(run)


@pytest.mark.parametrize("name", NAMES)
def test_words_are_what_is_cut_with_the_known_ones_inside(name: str, demo_texts: list[str]) -> None:
    cutter = segmenter(name)
    for run in runs(demo_texts):
        expected = []
        for word in cutter.cut(run):
            for size in (2, 3):
                if size < len(word):
                    parts = (word[i : i + size] for i in range(len(word) - size + 1))
                    expected += [part for part in parts if cutter.knows(part)]
            expected.append(word)
        assert cutter.words(run) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_character_is_in_some_word(name: str, demo_texts: list[str]) -> None:
    for run in runs(demo_texts)[:500]:
        covered = {i for _, start, end in segmenter(name).spans(run) for i in range(start, end)}
        assert covered == set(range(len(run)))


@pytest.mark.parametrize("name", NAMES)
def test_our_own_terms_are_kept_whole(name: str) -> None:
    cutter = segmenter(name)
    assert [term for term in technology_terms() if term not in cutter.words(f"新型{term}")] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_segmenter_knows_its_name_and_is_loaded_once(name: str) -> None:
    assert segmenter(name).name == name
    assert segmenter(name) is segmenter(name)


def test_an_unknown_segmenter_is_refused_with_the_choices() -> None:
    with pytest.raises(InvalidInput, match=r"pkuseg.*rjieba.*jieba"):
        segmenter("pkuseg")


def test_the_identity_names_segmenter_version_and_lexicon() -> None:
    one, other = identity("rjieba"), identity("jieba")
    assert set(one) == {"name", "version", "lexicon_sha256"}
    assert one["name"] == "rjieba"
    assert one["lexicon_sha256"] == other["lexicon_sha256"]
    assert one == identity("rjieba")


@pytest.mark.parametrize("change", ["word added", "file renamed", "file added"])
def test_the_identity_changes_with_the_lexicon(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = identity("rjieba")
    copy = tmp_path / "lexicon"
    shutil.copytree(Path(segment.__file__).with_name("lexicon"), copy)
    monkeypatch.setattr(segment, "__file__", str(tmp_path / "segment.py"))
    assert identity("rjieba") == before
    match change:
        case "word added":
            with (copy / "technology.txt").open("a", encoding="utf-8") as file:
                file.write("量子纠缠分发\n")
        case "file renamed":
            (copy / "units.txt").rename(copy / "units-2.txt")  # the order stays
        case "file added":
            (copy / "synonyms.txt").write_text("")
    assert identity("rjieba") != before
