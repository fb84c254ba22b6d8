"""What brokers ask for: pairings for texts, and what else a working day consists of."""

import json
import random
from typing import Any

from matching import DEMO

from api.services.examples import DEMAND
from matcher.text.sentences import sentences

Request = tuple[str, str, Any]
"""Method, path and body."""


def pairings(texts: list[str]) -> Request:
    """Pairings for a text, 20 of them, with reasons."""
    return "POST", "/api/v1/matches", {"text": random.choice(texts), "k": 20}


def anything(texts: list[str], ids: dict[str, list[str]]) -> Request:
    """What brokers do on a working day; 5 % are writes."""
    chance = random.random()
    if chance < 0.05:
        title = f"{random.choice(texts)[:30]} {random.randrange(10**9)}"
        return "POST", "/api/v1/demands", DEMAND | {"title": title}
    if chance < 0.55:
        return pairings(texts)
    if chance < 0.7:
        return "GET", f"/api/v1/demands/{random.choice(ids['demands'])}/matches?k=20", None
    if chance < 0.85:
        return "GET", f"/api/v1/achievements/{random.choice(ids['achievements'])}", None
    return "GET", "/api/v1/demands?limit=20", None


def queries(count: int) -> list[str]:
    """Texts of some 100 characters, made of sentences of different demo demands."""
    source = [json.loads(line) for line in (DEMO / "demands.jsonl").open(encoding="utf-8")]
    texts = [s[name] for s in source for name in ("problem", "indicators", "goal")]
    parts = [text[a:b] for text in texts for a, b in sentences(text)]
    random.seed(11)
    return ["".join(random.sample(parts, 4)) for _ in range(count)]
