"""The table of units: every spelling is found in text and means something."""

from collections import Counter

import pytest

from matcher.text.lexicon.measures import synonyms, unit_spellings
from matcher.text.normalise import normalised
from matcher.text.segment import identity
from matcher.text.units import Unit, _registry, normal, unit, unit_end

_ONLY_IN_COMPOUNDS = {"K", "S", "U", "B"}
SPELLINGS = [spelling for spelling, _, _ in unit_spellings()]


def test_every_spelling_is_found_whole_and_resolves() -> None:
    for spelling in SPELLINGS:
        written = normal(spelling)
        assert unit_end(written, 0) == len(written)
        assert (unit(spelling) is None) == (spelling in _ONLY_IN_COMPOUNDS)


def test_no_spelling_stands_twice() -> None:
    assert [s for s, count in Counter(SPELLINGS).items() if count > 1] == []


def test_synonyms_stand_in_normalised_spelling() -> None:
    assert [name for name in synonyms() if normalised(name) != name] == []


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("g/cm³", "kg/m3", 1000),
        ("W/(m·K)", "W/m·K", 1),
        ("元/吨", "元每吨", 1),
        ("T/H", "吨/小时", 1),
        ("kWh", "度电", 1),
        ("MPa·s", "mPa·s", 1e9),
        ("m/s^2", "m·s-2", 1),
        ("‰", "%", 0.1),
        ("转/分", "rpm", 1),
        ("人·天", "天·人", 1),
        ("件·h", "h·件", 1),
    ],
)
def test_units_of_one_dimension_differ_by_a_factor(one: str, other: str, ratio: float) -> None:
    first, second = unit(one), unit(other)
    assert isinstance(first, Unit)
    assert isinstance(second, Unit)
    assert first.dimension == second.dimension
    assert first.factor / second.factor == pytest.approx(ratio)


@pytest.mark.parametrize("text", ["n/5cm", "l/(m2·24h)", "元素", "g-a", "mm5x", "次方", "xyz", ""])
def test_what_only_begins_like_a_unit_is_none(text: str) -> None:
    assert unit_end(text, 0) is None


def test_single_letters_keep_their_case() -> None:
    assert unit("G") is None
    assert unit("g") is not None


def test_the_units_of_pint_are_added_to_and_none_is_defined_anew(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _registry.__wrapped__()
    assert caplog.messages == []


def test_models_do_not_change_with_these_lists() -> None:
    """Segmenters hash the word lists of their own folder, so bundles made before stay usable."""
    assert len(identity("rjieba")["lexicon_sha256"]) == 64
