"""One spelling for one word, with the way back to the original."""

import sys

import pytest

from matcher import Achievement
from matcher.text import normalise
from matcher.text.bulk import normalised_all
from matcher.text.normalise import normalised


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("（光伏）；", "(光伏);"),
        ("COVID", "covid"),
        ("廢水處理", "废水处理"),
        ("機器學習", "机器学习"),
        ("乾隆", "乾隆"),  # OpenCC knows phrases: here 乾 is no traditional 干
        ("餅乾", "饼干"),
        ("20㎡", "20m2"),
        ("25℃", "25°c"),
        ("½", "1⁄2"),
        ("５００ｍｇ／Ｌ", "500mg/l"),
        ("CO₂", "co2"),
        ("Ⅲ型", "iii型"),
        ("µm", "μm"),  # the micro sign becomes the Greek letter
        ("ﬁlm", "film"),
        ("", ""),
    ],
)
def test_spellings_of_one_word_become_one(original: str, expected: str) -> None:
    assert normalised(original) == expected


def test_combining_marks_join_the_letter_before_them() -> None:
    assert normalised("cafe\u0301") == normalised("café") == "café"
    assert normalise("cafe\u0301s").span(3, 4) == (3, 5)


def test_the_turkish_capital_i_grows_and_both_halves_point_at_it() -> None:
    normal = normalise("aİb")
    assert normal.text == "ai\u0307b"
    assert [normal.span(i, i + 1) for i in range(4)] == [(0, 1), (1, 2), (1, 2), (2, 3)]


@pytest.mark.parametrize("noise", ["\x00", "\x07", "\x1f", "\x7f", "\ud800"])
def test_what_cannot_be_printed_becomes_a_space(noise: str) -> None:
    assert normalised(f"A{noise}B") == "a b"


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200d", "\u2060", "\u202e", "\ufeff"])
def test_invisible_marks_inside_a_word_leave_no_trace_and_offsets_step_over_them(mark: str) -> None:
    normal = normalise(f"氨{mark}氮")
    assert normal.text == "氨氮"
    assert normal.span(0, 2) == (0, 3)
    assert normal.span(1, 2) == (2, 3)


def test_line_breaks_and_tabs_are_kept() -> None:
    assert normalised("甲\n乙\r\n丙\t丁") == "甲\n乙\r\n丙\t丁"


def test_offsets_are_the_identity_where_nothing_moved() -> None:
    normal = normalise("廢水ABC")
    assert [normal.span(i, i + 1) for i in range(5)] == [(i, i + 1) for i in range(5)]


def test_offsets_point_at_the_one_sign_that_became_several() -> None:
    original = "约20㎡、25℃、½英寸"
    normal = normalise(original)
    for surface, sign in [("m2", "㎡"), ("°c", "℃"), ("1⁄2", "½"), ("英寸", "英寸")]:
        at = normal.text.index(surface)
        start, end = normal.span(at, at + len(surface))
        assert original[start:end] == sign


def test_offsets_stay_true_behind_a_lone_surrogate_and_a_zero_width_space() -> None:
    original = "光\ud83d伏\u200b组件"
    at = normalise(original).text.index("组件")
    assert normalise(original).span(at, at + 2) == (4, 6)


def test_offsets_stay_true_where_opencc_knows_the_phrase() -> None:
    original = "關於乾燥設備"
    normal = normalise(original)
    assert len(normal.text) == len(original)
    assert normal.span(4, 6) == (4, 6)


def test_half_width_kana_compose_with_their_voicing_marks() -> None:
    assert normalised("ｶﾞｽ") == normalised("ガス") == "ガス"


def test_offsets_are_no_identity_where_one_sign_shrank_and_another_grew() -> None:
    original = "ｶﾞ㎡用"  # two become one, one becomes two: the length alone does not show it
    normal = normalise(original)
    at = normal.text.index("m2")
    start, end = normal.span(at, at + 2)
    assert original[start:end] == "㎡"


def test_hangul_letters_compose_in_whatever_width_they_come() -> None:
    assert normalised("ﾡￂ") == normalised("ㄱㅏ") == normalised("가") == "가"


def test_a_capital_sigma_has_one_spelling_wherever_it_stands() -> None:
    # str.lower makes a final sigma of it at the end of what it takes for a word.
    assert normalised("ΔΣ调制") == normalised("Δσ调制")
    assert normalised("ΔΣ") == normalised("ΔΣ\u200b")


def test_every_character_by_itself_becomes_the_same_through_the_table() -> None:
    # Planes 4 to 13 are empty and 15 and 16 private: one in a hundred stands for the rest of them.
    codes = (*range(0x40000), *range(0xE0000, 0xF0000), *range(0x40000, sys.maxunicode + 1, 101))
    characters = [chr(code) for code in codes]
    together = normalised_all(characters)
    pairs = zip(characters, together, strict=True)
    assert [char for char, found in pairs if found != normalise(char).text] == []


def test_texts_normalise_together_as_each_by_itself_on_the_demo_data(
    demo_achievements: list[Achievement],
) -> None:
    texts = [text for record in demo_achievements for text in record.texts().values()]
    assert normalised_all(texts) == [normalise(text).text for text in texts]


def test_no_texts_and_empty_texts_are_normal() -> None:
    assert normalised_all([]) == []
    assert normalised_all(["", "㎡", "", "廢", ""]) == ["", "m2", "", "废", ""]
