"""The bundle that ships: a grader, and a representation that knows general Chinese only.

MODEL_CARD.md tells what it was trained on, how well it does, and how to make it again.
"""

from functools import cache
from pathlib import Path
from typing import Final

from matcher.errors import BundleDamaged
from matcher.files import sha256
from matcher.ranking.grader import Grader
from matcher.representation import TfidfRepresentation
from models.bundle import Bundle
from models.grader_file import read_grader

NAME: Final = "default"
FOLDER: Final = Path(__file__).parent
CARD: Final = FOLDER / "MODEL_CARD.md"
REPORT: Final = {
    "labels": 7376,
    "grader_gain": 0.010,
    "unseen ndcg@10": 0.692,
    "known ndcg@10": 0.860,
    "unseen ndcg@10 ungraded": 0.680,
    "known ndcg@10 ungraded": 0.835,
    "unseen p@5": 0.392,
    "known p@5": 0.323,
    "unseen spearman": 0.503,
    "known spearman": 0.571,
    "unseen score": 0.7045,
    "known score": 0.754,
    "unseen ece": 0.008,
    "known ece": 0.013,
}
"""The figures of the card, as bundles carry those of graders that were trained here."""
_GRADER: Final = FOLDER / "grader.json"
_CHECKSUM: Final = FOLDER / "grader.json.sha256"


def is_default(checksum: str | None) -> bool:
    """Whether this is the sha256 of the grader that ships."""
    return checksum is not None and _checksum() == checksum


@cache
def default_grader() -> Grader:
    """The grader that ships. Raises BundleDamaged if its file was altered."""
    if not _is_whole():
        raise BundleDamaged("随软件附带的等级模型缺失或被改动，请重新安装。")
    return read_grader(_GRADER)


def _is_whole() -> bool:
    try:
        return _checksum() == sha256(_GRADER)
    except OSError:
        return False


def _checksum() -> str:
    """What the grader's checksum should be; empty if nobody knows any more."""
    try:
        return "".join(_CHECKSUM.read_text("ascii").split()[:1])
    except (OSError, ValueError):
        return ""


def grader_of(choice: str) -> Grader | None:
    """The grader that ``none``, ``default`` or a path stands for. Raises BundleDamaged."""
    if choice == "none":
        return None
    return default_grader() if choice == NAME else read_grader(Path(choice))


def default_bundle() -> Bundle:
    """What works before anything was fitted: idf comes from the background alone."""
    return Bundle(NAME, TfidfRepresentation().fit(()), grader=default_grader())
