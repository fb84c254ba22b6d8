"""Text to terms: what counts as one term, of which kind, and where it stands."""

import pytest

from matcher.errors import InvalidInput
from matcher.text import Token, Tokenizer, tokenizer
from matcher.text.lexicon import technology_terms, units


@pytest.fixture(scope="module")
def cut() -> Tokenizer:
    return tokenizer("rjieba")


def found(cut: Tokenizer, text: str, *kinds: str) -> list[str]:
    return [token.term for token in cut.tokens(text) if token.kind in kinds]


def test_words_and_single_characters_are_terms_side_by_side(cut: Tokenizer) -> None:
    assert cut.tokens("废水") == [
        Token("废水", "word", 0, 2),
        Token("废", "character", 0, 1),
        Token("水", "character", 1, 2),
    ]


def test_names_and_words_stand_in_their_order_and_single_characters_behind_them(
    cut: Tokenizer,
) -> None:
    found = cut.written("用PVDF制膜，pH 7的废水。")
    assert found.tokens() == cut.tokens("用PVDF制膜，pH 7的废水。")
    assert [*zip(found.terms, found.starts, found.ends, strict=True)] == [
        ("pvdf", 1, 5),
        ("制膜", 5, 7),
        ("ph", 8, 10),
        ("7", 11, 12),
        ("废水", 13, 15),
        ("用", 0, 1),
        ("制", 5, 6),
        ("膜", 6, 7),
        ("废", 13, 14),
        ("水", 14, 15),
    ]
    assert cut.written("").tokens() == cut.written("。").tokens() == []


def test_a_long_word_also_yields_the_words_in_it(cut: Tokenizer) -> None:
    assert {"神经网络", "神经", "网络"} <= set(found(cut, "神经网络", "word"))


def test_a_word_has_two_characters_at_least(cut: Tokenizer) -> None:
    assert found(cut, "光 电 热", "word") == []
    assert found(cut, "光 电 热", "character") == ["光", "电", "热"]


def test_our_own_technical_terms_are_kept_whole(cut: Tokenizer) -> None:
    split = [t for t in technology_terms() if t not in found(cut, f"新型{t}的应用", "word")]
    assert split == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Fe3O4", ["fe3o4"]),
        ("C++", ["c++"]),
        ("C#", ["c#"]),
        ("C++/Python", ["c++", "python"]),
        ("COVID-19", ["covid-19", "covid"]),
        ("PVDF-HFP", ["pvdf-hfp", "pvdf", "hfp"]),
        ("R&D", ["r&d"]),  # parts of one letter mean nothing
        ("6061-T6", ["6061-t6", "t6"]),  # nor do bare numbers
        ("Ti-6Al-4V", ["ti-6al-4v", "ti", "6al", "4v"]),
        ("3.5", ["3.5"]),
        ("LiFePO₄", ["lifepo4"]),
        ("max_depth", ["max", "depth"]),
    ],
)
def test_latin_words_formulas_and_model_numbers_are_taken_out_first(
    cut: Tokenizer, text: str, terms: list[str]
) -> None:
    assert [token.term for token in cut.tokens(text)] == terms
    assert {token.kind for token in cut.tokens(text)} == {"latin"}
    # Han characters around change nothing about it.
    assert found(cut, f"含{text}样品", "latin") == terms


def test_the_parts_of_a_compound_know_their_own_places(cut: Tokenizer) -> None:
    text = "用PVDF-HFP膜"
    latin = [token for token in cut.tokens(text) if token.kind == "latin"]
    assert [text[t.start : t.end] for t in latin] == ["PVDF-HFP", "PVDF", "HFP"]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("1,000 mg/L", "1000mg/l"),
        ("1000mg/L", "1000mg/l"),
        ("１，０００ｍｇ／Ｌ", "1000mg/l"),
        ("1000㎎/L", "1000mg/l"),
        ("3.5 kW", "3.5kw"),
        ("25℃", "25°c"),
        ("25 °C", "25°c"),
        ("20㎡", "20m2"),
        ("99.9%", "99.9%"),
        ("99.9％", "99.9%"),
        ("5 μm", "5μm"),
        ("5µm", "5μm"),
        ("10Ω", "10ω"),
        ("500 万元", "500万元"),
        ("0.2W/(m·K)", "0.2w/(m·k)"),
        ("2000 h", "2000h"),
    ],
)
def test_one_quantity_is_one_term_however_it_is_written(
    cut: Tokenizer, text: str, term: str
) -> None:
    assert cut.tokens(text) == [Token(term, "quantity", 0, len(text))]


def test_every_unit_makes_a_quantity_of_a_number(cut: Tokenizer) -> None:
    normal = [unit for unit in units() if unit != "℃"]  # which never survives normalisation
    assert [unit for unit in normal if f"7.5{unit}" not in cut.terms(f"约 7.5{unit}。")] == []


def test_the_longest_unit_wins(cut: Tokenizer) -> None:
    assert found(cut, "5mm、5m、5mpa、5min", "quantity") == ["5mm", "5m", "5mpa", "5min"]


def test_a_unit_ends_where_its_word_ends(cut: Tokenizer) -> None:
    assert cut.terms("3mask") == ["3mask"]
    assert cut.terms("2A12") == ["2a12"]


def test_a_line_break_that_was_escaped_twice_is_no_word(cut: Tokenizer) -> None:
    assert found(cut, r"减阻\n降噪\r\n2项", "latin") == ["2"]
    assert cut.terms(r"减阻\n降噪") == cut.terms("减阻\n降噪")


def test_a_backslash_before_a_latin_word_is_no_line_break(cut: Tokenizer) -> None:
    assert cut.terms(r"C:\temp") == ["c", "temp"]


def test_stop_words_are_left_out(cut: Tokenizer) -> None:
    assert cut.terms("的 和 与 在 其中") == []
    assert "采用" not in cut.terms("采用膜分离")
    assert "膜" in cut.terms("采用膜分离")


@pytest.mark.parametrize(
    "text", ["", "   ", "，。！？……", "😀🎉", "\x00\ud800\u200b", "_", "+-*/="]
)
def test_text_without_a_word_has_no_terms(cut: Tokenizer, text: str) -> None:
    assert cut.terms(text) == []
    assert cut.tokens(text) == []


def test_traditional_and_full_width_spellings_give_the_same_terms(cut: Tokenizer) -> None:
    assert cut.terms("廢水處理ＭＢＲ") == cut.terms("废水处理mbr")


def test_offsets_count_characters_of_the_original(cut: Tokenizer) -> None:
    text = "\ufeff½㎡廢水\u0301，２５℃，e\u0301tude"
    surfaces = {token.term: text[token.start : token.end] for token in cut.tokens(text)}
    assert surfaces["25°c"] == "２５℃"
    assert surfaces["étude"] == "e\u0301tude"
    assert surfaces["废"] == "廢"


def test_characters_beyond_the_basic_plane_count_as_one(cut: Tokenizer) -> None:
    assert cut.tokens("𠮷 光") == [
        Token("𠮷", "character", 0, 1),
        Token("光", "character", 2, 3),
    ]


def test_both_segmenters_are_at_hand_and_shared() -> None:
    assert tokenizer("rjieba") is tokenizer("rjieba")
    assert tokenizer("jieba").terms("污水处理厂") == tokenizer("rjieba").terms("污水处理厂")


def test_an_unknown_segmenter_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="pkuseg"):
        Tokenizer("pkuseg")


@pytest.mark.parametrize("gap", ["\t", "\n", "\u3000", "\u00a0"])
def test_any_white_space_between_number_and_unit_is_dropped(cut: Tokenizer, gap: str) -> None:
    assert not any(c.isspace() for term in cut.terms(f"含量1000{gap}mg/L") for c in term)


@pytest.mark.parametrize("text", ["直径10，20mm", "直径10,20mm"])
def test_numbers_of_a_list_are_not_run_together(cut: Tokenizer, text: str) -> None:
    assert "1020mm" not in cut.terms(text)
    assert "20mm" in cut.terms(text)


@pytest.mark.parametrize("text", ["3D-NAND", "5G-A"])
def test_a_compound_stays_whole_though_it_begins_like_a_quantity(cut: Tokenizer, text: str) -> None:
    assert text.lower() in cut.terms(f"{text}芯片")


def test_the_unit_of_a_quantity_is_no_character_to_be_found(cut: Tokenizer) -> None:
    found = cut.places(["2000次循环", "每次"], {"次": 0, "循环": 1})
    assert found.firsts.tolist() == [0, 1, 2]
    assert found.found[:, [0, 2]].tolist() == [[1, 5], [0, 1]]
