"""Sentences with offsets, short enough to be shown."""

from matcher.text.sentences import sentences


def surfaces(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_a_sentence_keeps_its_closing_marks() -> None:
    assert surfaces("漏检太多！怎么办？！换相机。") == ["漏检太多！", "怎么办？！", "换相机。"]


def test_line_breaks_end_a_sentence_and_white_space_is_trimmed() -> None:
    assert surfaces("  第一行 \r\n\n\t第二行　") == ["第一行", "第二行"]


def test_a_decimal_point_and_a_semicolon_end_no_short_sentence() -> None:
    assert surfaces("精度0.5μm；节拍1.2s。") == ["精度0.5μm；节拍1.2s。"]


def test_a_text_without_closing_mark_is_one_sentence() -> None:
    assert sentences("光伏组件清洗") == [(0, 6)]


def test_blank_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n\t\n") == sentences("。！？") == []


def test_a_long_sentence_is_cut_at_its_clauses_and_neighbours_are_packed() -> None:
    clause = "采用双通道成像系统完成平场校正，"  # 16 characters
    text = clause * 12 + "缓解瓶颈。"
    # Five clauses fit exactly; they are not shown one by one. Commas at the cuts are left out.
    five, two = (clause * 5)[:-1], clause * 2
    assert surfaces(text) == [five, five, two + "缓解瓶颈。"]


def test_a_long_sentence_without_clauses_stays_whole() -> None:
    assert sentences("高" * 200) == [(0, 200)]


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "短句。" + "很长的一句话，" * 20
    for start, end in sentences(text)[1:]:
        assert text[start:end].startswith("很长")


def test_only_a_comma_between_figures_cuts_nothing() -> None:
    assert surfaces("甲" * 75 + "1,000" + "乙" * 9) == ["甲" * 75 + "1,000" + "乙" * 9]
    assert surfaces("甲" * 78 + "1,乙乙") == ["甲" * 78 + "1", "乙乙"]
