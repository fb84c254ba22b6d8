"""Features of candidates, each against the same worked out naively from its definition."""

import random
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import TfidfRepresentation
from matcher.pairing.wording import FEATURE_NAMES
from matcher.ranking.features import CONTENT, Features, Question, content_features
from matcher.ranking.grader import NAMES
from matcher.records import Facets
from matcher.text import is_character
from tests.property import texts
from tests.unit.ranked import Naive, Texts, Weights, cosine, overlapping

QUERY = {
    "title": "印染废水氨氮超标",
    "keywords": "氨氮；PV-3000",
    "problem": "出水氨氮不稳定，冬季严重。\n要求在线检测，用神经网络。成本低于5 mg/L！",
}
WORDS = ["氨氮", "印染", "膜曝气", "神经网络", "检测", "成本", "锂电池", "黑粉", "光伏", "清洗"]
FIGURES = ["PV-3000", "5 mg/L", "COD", "出水"]


def candidate(number: int) -> Texts:
    """Twenty-five of them: more than the neighbours that are looked at."""
    rng = random.Random(number)
    words = rng.sample(WORDS, 4)
    return {
        "title": "" if number % 6 == 5 else "与".join(words[:2]),
        "abstract": "，".join(words + rng.sample(FIGURES, number % 3)) + "。单次出现。",
    }


CANDIDATES = [candidate(number) for number in range(25)]


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    return TfidfRepresentation(title_weight=0.8).fit([QUERY, *CANDIDATES])


def asked(
    representation: TfidfRepresentation, query: Texts, candidates: Sequence[Texts]
) -> dict[str, list[float]]:
    facets = [Facets()] * len(candidates)
    question = Question(overlapping(representation, query, candidates), Facets(), facets)
    return named(content_features(question))


def named(features: Features) -> dict[str, list[float]]:
    return dict(zip(CONTENT, features.T.tolist(), strict=True))


def test_features_have_unique_names_each_with_words_for_people() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert NAMES[: len(CONTENT)] == CONTENT
    assert CONTENT[0] == "score"
    assert set(FEATURE_NAMES) == set(NAMES)
    assert len(set(FEATURE_NAMES.values())) == len(NAMES)


def test_every_feature_of_the_text_is_compared_with_its_definition() -> None:
    elsewhere = {"neighbours", "same_field", "same_industry"}
    assert set(CONTENT) == DEFINITIONS.keys() | elsewhere


# Each from its definition


def of_kind(weights: Weights, kind: str) -> Weights:
    def is_of_kind(term: str) -> bool:
        if not is_character(term[0]):
            return kind == "name"
        return kind == ("character" if len(term) == 1 else "word")

    return {term: weight for term, weight in weights.items() if is_of_kind(term)}


def alike(kind: str) -> Callable[[Naive, Texts, Texts], float]:
    return lambda n, q, c: cosine(of_kind(n.whole(q), kind), of_kind(n.whole(c), kind))


def rarest(n: Naive, query: Texts, candidate: Texts) -> float:
    shared = n.whole(query).keys() & n.whole(candidate).keys()
    highest = float(n.representation.idf_.max())
    return max((n.idf(term) for term in shared), default=0.0) / highest


def named_in_query(n: Naive, query: Texts, candidate: Texts) -> float:
    title = n.title(candidate)
    shared = sum(n.idf(term) for term in title if term in n.whole(query))
    return shared / sum(map(n.idf, title))


def described(n: Naive, query: Texts, candidate: Texts) -> float:
    return float(len(n.whole(candidate)) > 2 * len(n.title(candidate)))


def best_sentence(n: Naive, query: Texts, candidate: Texts) -> float:
    whole = n.whole(candidate)
    return max(cosine(sentence, whole) for sentence in n.sentence_weights(query))


DEFINITIONS: Mapping[str, Callable[[Naive, Texts, Texts], float]] = {
    "score": Naive.score,
    "title_similarity": lambda n, q, c: cosine(n.title(q), n.title(c)),
    "text_similarity": lambda n, q, c: cosine(n.whole(q), n.whole(c)),
    "title_in_text": lambda n, q, c: cosine(n.title(q), n.whole(c)),
    "text_in_title": lambda n, q, c: cosine(n.whole(q), n.title(c)),
    "word_similarity": alike("word"),
    "character_similarity": alike("character"),
    "name_similarity": alike("name"),
    "rarest_term": rarest,
    "coverage": Naive.coverage,
    "title_coverage": named_in_query,
    "best_sentence": best_sentence,
    "described": described,
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_feature_is_what_its_definition_says(
    representation: TfidfRepresentation, name: str
) -> None:
    naive = Naive(representation)
    found = asked(representation, QUERY, CANDIDATES)[name]
    expected = [DEFINITIONS[name](naive, QUERY, candidate) for candidate in CANDIDATES]
    assert found == pytest.approx(expected, abs=2e-5)
    assert len(set(expected)) > (1 if name == "described" else 3)  # they tell candidates apart


@pytest.mark.parametrize(
    ("abstract", "is_described"),
    [("", 0.0), ("氨氮氨氮", 0.0), ("废水", 0.0), ("废水膜", 1.0), ("锂电池回收", 1.0)],
)
def test_described_is_what_has_more_than_twice_the_terms_of_its_title(
    representation: TfidfRepresentation, abstract: str, is_described: float
) -> None:
    """The title has three terms, 氨氮 and its characters; 废水 brings as many."""
    items = [{"title": "氨氮", "abstract": abstract}]
    assert asked(representation, QUERY, items)["described"] == [is_described]


def test_neighbours_are_the_twenty_best_but_the_candidate_itself(
    representation: TfidfRepresentation,
) -> None:
    overlap = overlapping(representation, QUERY, CANDIDATES)
    score, likeness = overlap.score.tolist(), (overlap.rows @ overlap.rows.T).toarray()
    best = sorted(range(25), key=lambda i: (-score[i], i))[:20]
    expected = []
    for number in range(25):
        others = [i for i in best if i != number]
        weight = sum(score[i] for i in others)
        expected.append(sum(score[i] * likeness[number, i] for i in others) / weight)
    found = asked(representation, QUERY, CANDIDATES)["neighbours"]
    assert found == pytest.approx(expected, abs=2e-5)


def test_who_has_no_neighbours_is_like_nobody(representation: TfidfRepresentation) -> None:
    assert asked(representation, QUERY, CANDIDATES[:1])["neighbours"] == [0.0]
    strangers = [{"abstract": "锂电池"}, {"abstract": "黑粉"}]
    assert asked(representation, QUERY, strangers)["neighbours"] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("ours", "theirs", "agreement"),
    [
        ("新材料", "新材料", 1.0),
        ("新材料", "电子信息", 0.0),
        (None, "新材料", None),
        ("新材料", None, None),
        (None, None, None),
        ("", "", None),
    ],
)
def test_agreement_of_field_and_industry_is_unknown_where_one_of_them_is(
    representation: TfidfRepresentation,
    ours: str | None,
    theirs: str | None,
    agreement: float | None,
) -> None:
    overlap = overlapping(representation, QUERY, CANDIDATES[:2])
    by_field = Question(
        overlap, Facets(field=ours), [Facets(field=theirs), Facets(industry=theirs)]
    )
    by_industry = Question(
        overlap, Facets(industry=ours), [Facets(industry=theirs), Facets(field=theirs)]
    )
    for question, name, other in (
        (by_field, "same_field", "same_industry"),
        (by_industry, "same_industry", "same_field"),
    ):
        features = named(content_features(question))
        expected = float("nan") if agreement is None else agreement
        assert features[name] == pytest.approx([expected, float("nan")], nan_ok=True)
        assert np.isnan(features[other]).all()


# In general

record = st.fixed_dictionaries(
    {"title": texts.sentences | texts.messy, "abstract": texts.sentences | texts.messy}
)


@settings(max_examples=60)
@given(query=record, candidates=st.lists(record, max_size=4))
def test_all_but_field_and_industry_are_finite_and_within_bounds(
    representation: TfidfRepresentation,
    query: dict[str, str],
    candidates: list[dict[str, str]],
) -> None:
    overlap = overlapping(representation, query, candidates)
    features = content_features(Question(overlap, Facets(), [Facets()] * len(candidates)))
    assert features.shape == (len(candidates), len(CONTENT))
    assert features.dtype == np.float64
    assert np.isnan(features[:, -2:]).all()
    assert ((features[:, :-2] >= -1e-5) & (features[:, :-2] <= 1.0 + 1e-5)).all()


@pytest.mark.parametrize("query", [QUERY, {"problem": ""}, {}])
def test_no_candidates_no_features(representation: TfidfRepresentation, query: Texts) -> None:
    question = Question(overlapping(representation, query, []), Facets(), [])
    assert content_features(question).shape == (0, len(CONTENT))


# Eight words and eight fillers that share no character with them or among themselves.
SHARED = ["氨氮", "印染", "曝气", "网络", "检测", "锂电", "黑粉", "光伏"]
FILLERS = ["催化", "轴承", "疫苗", "钢铁", "纺织", "卫星", "育种", "陶瓷"]
SIMILARITIES = [
    name for name in DEFINITIONS if name not in ("described", "name_similarity")
]  # all candidates have the same length, and none has a name


@settings(max_examples=40)
@given(st.permutations(SHARED), st.permutations(FILLERS), st.integers(1, 7))
def test_no_similarity_falls_where_a_foreign_word_gives_way_to_a_shared_one(
    representation: TfidfRepresentation, shared: list[str], fillers: list[str], in_title: int
) -> None:
    query = {"title": "，".join(shared[:in_title]), "problem": "。".join(SHARED)}
    candidates = []
    for count in range(9):
        words = shared[:count] + fillers[count:]
        candidates.append({"title": "，".join(words), "abstract": "。".join(words)})
    features = asked(representation, query, candidates)
    for name in SIMILARITIES:
        assert (np.diff(features[name]) >= -1e-6).all(), name
        assert features[name][-1] > features[name][0], name


def test_a_long_query_is_read_up_to_sixty_sentences(representation: TfidfRepresentation) -> None:
    idle = "光伏清洗。" * 59
    texts = [{"title": "", "problem": idle + tail} for tail in ("氨氮。", "成本。氨氮。")]
    read, unread = (
        asked(representation, query, [{"abstract": "氨氮"}])["best_sentence"] for query in texts
    )
    assert read[0] == pytest.approx(1.0, abs=1e-5)
    assert unread == [0.0]


def test_sentences_of_every_field_are_read_where_they_stand(
    representation: TfidfRepresentation,
) -> None:
    query = {"title": "氨氮", "keywords": "", "problem": "成本。\n\n  光伏，清洗 ", "goal": "黑粉"}
    items = [{"abstract": text} for text in ("氨氮", "成本", "光伏清洗", "黑粉", "氨氮成本")]
    best = asked(representation, query, items)["best_sentence"]
    assert best[:4] == pytest.approx([1.0] * 4, abs=1e-5)
    assert best[4] < 0.9  # two sentences, of which only one can be the best
