"""Policies on first sets of equipment (首台套) and first batches of materials: for whom they are.

They are named among the first for many a pairing, as they say what answers 不敢转 (保险, 补偿), and
are for a kind of product that few pairings are about.
"""

from typing import Final

from matcher.pairing.lexicon import novelty
from matcher.records import Achievement, Demand
from matcher.resources import Resource
from matcher.text.normalise import normalised
from matcher.values import POLICY

_IN_SERIES: Final = "产业化应用"


def is_for_first_ones(resource: Resource) -> bool:
    """Whether this is a policy for first sets or batches alone."""
    if resource.kind != POLICY:
        return False
    return novelty()["policy"].search(normalised(resource.title)) is not None


def may_be_first(demand: Demand, achievement: Achievement) -> bool:
    """Whether the product may be one: equipment or a material, and not made in series yet."""
    if achievement.application_state == _IN_SERIES:
        return False
    if novelty()["achievement"].search(normalised(achievement.title)):
        return True
    said = novelty()["demand"]
    return any(said.search(normalised(text)) for text in demand.texts().values())
