"""Invented labelled collections: grades follow the words that are shared, with some noise."""

import json
import random
from pathlib import Path

from matcher.evaluation.collection import Collection

_SUBJECTS = [
    *("氨氮废水", "锂电池", "光伏组件", "神经网络", "催化剂", "复合材料", "机器人", "疫苗"),
    *("稀土", "轴承", "传感器", "石墨烯", "变压器", "农药", "桥梁", "薄膜"),
]
_ACTIONS = ["检测", "回收", "清洗", "制备", "降解", "监测", "修复", "节能"]


def labelled(demands: int = 12, achievements: int = 25, seed: int = 0) -> Collection:
    """Every demand has achievements of its own, all of them judged."""
    rng = random.Random(seed)
    found = Collection({}, {}, {})
    for number in range(demands):
        query = f"q{number:02}"
        asked = rng.sample(_SUBJECTS, 3) + rng.sample(_ACTIONS, 2)
        found.queries[query] = {
            "title": "与".join(asked[:2]),
            "text": f"需要{'、'.join(asked)}，第{number}号。",
        }
        found.judgements[query] = {}
        for place in range(achievements):
            document = f"d{number:02}-{place:02}"
            common = rng.choice([0, 0, 0, 1, 1, 2, 3, 4])
            words = rng.sample(asked, common) + rng.sample(_SUBJECTS, 5 - common)
            rng.shuffle(words)
            found.documents[document] = {
                "title": "".join(words[:2]),
                "text": f"{'，'.join(words)}。",
            }
            grade = len(set(words) & set(asked)) - 1 + rng.choice([-1, 0, 0, 0, 1])
            found.judgements[query][document] = max(0, min(3, grade))
    return found


def write_collection(collection: Collection, folder: Path, split: str = "train") -> Path:
    """In the layout of BEIR."""
    (folder / "qrels").mkdir(parents=True)
    for name, rows in (("corpus", collection.documents), ("queries", collection.queries)):
        lines = [json.dumps({"_id": id_, **texts}) for id_, texts in rows.items()]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    lines = [
        f"{query}\t{document}\t{grade}"
        for query, grades in collection.judgements.items()
        for document, grade in grades.items()
    ]
    (folder / "qrels" / f"{split}.tsv").write_text("\n".join(["q\td\ts", *lines]), "utf-8")
    return folder
