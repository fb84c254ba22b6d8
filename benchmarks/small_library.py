"""What the background idf is worth to a small library.

``python benchmarks/small_library.py ../shared/data/bdci2019 --split train``

The idf is learned from a few documents drawn at random, as a newcomer's library would give it, and
the judged documents of each query are ranked with it. Mean nDCG@10 over several draws, for
different weights of the background (0 is: no background).
"""

import argparse
import random
from pathlib import Path
from statistics import mean

from matcher import TfidfRepresentation
from matcher.evaluation.collection import read_collection
from matcher.evaluation.run import evaluate

WEIGHTS = (0.0, 10.0, 30.0, 100.0, 300.0, 1000.0)


def main() -> None:
    """Print one line for each library size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", required=True)
    parser.add_argument("--draws", type=int, default=5)
    options = parser.parse_args()
    collection = read_collection(options.folder, options.split)
    documents = list(collection.documents.values())
    print("documents", *(f"b={weight:g}" for weight in WEIGHTS), sep="\t")
    for size in (20, 50, 200, 1000, len(documents)):
        figures = []
        for weight in WEIGHTS:
            random.seed(3)
            draws = [random.sample(documents, size) for _ in range(options.draws)]
            fitted = [TfidfRepresentation(background_weight=weight).fit(draw) for draw in draws]
            reports = [evaluate(collection, judged=True, representation=r) for r in fitted]
            figures.append(mean(float(r["ndcg@10"] or 0) for r in reports))
        print(size, *(f"{figure:.4f}" for figure in figures), sep="\t", flush=True)


if __name__ == "__main__":
    main()
