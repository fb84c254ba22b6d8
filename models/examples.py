"""Labelled collections as a grader learns from them: one block of examples for each demand.

A broker's label on each posting of a text is one vote. Identical achievements that got different
grades stay in as they are: a likelihood that adds up over votes weighs contradictions by itself,
and half of the votes for 3 and half for 2 becomes a probability of one half. Queries with the same
text are one demand, so that no demand is learned from and tested on under two names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.errors import TrainingDataError
from matcher.evaluation.collection import Collection
from matcher.evaluation.metrics import FEWEST_JUDGED, is_telling
from matcher.ranking.decisions import decision_features
from matcher.ranking.features import Features, Question, content_features
from matcher.ranking.grader import assemble
from matcher.ranking.overlap import Overlap
from matcher.ranking.side import side
from matcher.records import Facets
from matcher.representation import TfidfRepresentation

_FEWEST_LABELS: Final = 200
_FEWEST_DEMANDS: Final = 10
_FEWEST_STRONG: Final = 20
"""Labels of grade ≥ 3, and of grade ≤ 2."""


@dataclass(frozen=True)
class DemandLabels:
    """n labelled achievements of one demand.

    ``pairs`` are (query id, document id); ``content`` (n, …) the features that need no decisions;
    ``likeness`` (n, n) the inner products of the achievements; ``grades`` (n,) are 1 … 4;
    ``scores`` (n,) what the unsupervised ranking orders by.
    """

    pairs: tuple[tuple[str, str], ...]
    content: Features
    likeness: NDArray[np.float64]
    grades: NDArray[np.int64]
    scores: NDArray[np.float64]

    def features(self, known: NDArray[np.bool_] | None = None) -> Features:
        """All features, as they would be after decisions on those of ``known``."""
        if known is None or not known.any():
            return assemble(self.content)
        decided = decision_features(self.likeness[:, known], self.grades[known])
        return assemble(self.content, decided)


def examples(collection: Collection, representation: TfidfRepresentation) -> list[DemandLabels]:
    """The labelled demands of a collection, grades 0 … 3 of the files read as 1 … 4.

    Raises TrainingDataError if there are too few labels, or of one kind only.
    """
    _check(collection)
    numbers = {id_: number for number, id_ in enumerate(collection.documents)}
    rows = representation.transform(collection.documents.values())
    by_text: dict[tuple[str, ...], list[DemandLabels]] = {}
    for query, texts in collection.queries.items():
        judged = sorted(collection.judgements[query])
        own = rows[[numbers[id_] for id_ in judged]]
        overlap = Overlap.of(representation, side(representation, texts), own)
        content = content_features(Question(overlap, Facets(), [Facets()] * len(judged)))
        labels = DemandLabels(
            pairs=tuple((query, id_) for id_ in judged),
            content=content,
            likeness=np.empty((0, 0)),
            grades=np.array([1 + collection.judgements[query][id_] for id_ in judged]),
            scores=overlap.score.astype(np.float64),
        )
        by_text.setdefault(tuple(texts.values()), []).append(labels)
    demands = [_joined(group, rows, numbers) for group in by_text.values()]
    _check_demands(demands)
    return demands


def _joined(
    group: Sequence[DemandLabels], rows: csr_array, numbers: dict[str, int]
) -> DemandLabels:
    pairs = tuple(pair for labels in group for pair in labels.pairs)
    own = vstack([rows[[numbers[document]]] for _, document in pairs], format="csr")
    return DemandLabels(
        pairs=pairs,
        content=np.concatenate([labels.content for labels in group]),
        likeness=(own @ own.T).toarray().astype(np.float64),
        grades=np.concatenate([labels.grades for labels in group]),
        scores=np.concatenate([labels.scores for labels in group]),
    )


def _check_demands(demands: Sequence[DemandLabels]) -> None:
    """Enough different demands, with enough labels each to be ranked and split."""
    telling = sum(is_telling((labels.grades - 1).tolist()) for labels in demands)
    if telling < _FEWEST_DEMANDS:
        raise TrainingDataError(
            f"能用来检验排序的需求太少：文字各不相同、至少有 {FEWEST_JUDGED} 个标注"
            f"且有较强相关成果的需求只有 {telling} 条，至少需要 {_FEWEST_DEMANDS} 条。"
        )


def _check(collection: Collection) -> None:
    grades = [grade for judged in collection.judgements.values() for grade in judged.values()]
    if not set(grades) <= {0, 1, 2, 3}:
        raise TrainingDataError("标注的等级应为 0（无相关）到 3（强相关），请检查 qrels 文件。")
    strong = sum(grade >= 2 for grade in grades)
    if len(grades) < _FEWEST_LABELS or len(collection.judgements) < _FEWEST_DEMANDS:
        raise TrainingDataError(
            f"标注太少（{len(collection.judgements)} 条需求，{len(grades)} 个标注），"
            f"至少需要 {_FEWEST_DEMANDS} 条需求、{_FEWEST_LABELS} 个标注才能训练。"
        )
    if min(strong, len(grades) - strong) < _FEWEST_STRONG:
        raise TrainingDataError(
            f"标注的等级过于单一（较强以上 {strong} 个，共 {len(grades)} 个），"
            f"较强以上和以下都至少需要 {_FEWEST_STRONG} 个。"
        )
