"""A grader as JSON: plain numbers by feature name, readable by people and by any later version."""

from pathlib import Path
from typing import Self

import numpy as np
from pydantic import BaseModel

from matcher.errors import BundleDamaged
from matcher.ranking.grader import NAMES, Grader, Steps


class _Steps(BaseModel):
    """The functions by feature: knots, and the heights there for each of the three steps."""

    knots: dict[str, list[float]]
    heights: dict[str, list[list[float]]]
    intercepts: list[float]

    @classmethod
    def of(cls, steps: Steps) -> Self:
        return cls(
            knots={name: steps.knots[j].tolist() for j, name in enumerate(NAMES)},
            heights={name: [h[j].tolist() for h in steps.heights] for j, name in enumerate(NAMES)},
            intercepts=steps.intercepts.tolist(),
        )

    def steps(self) -> Steps:
        """Raises KeyError or ValueError if the features are not those of this version."""
        if self.knots.keys() != set(NAMES):
            raise ValueError(f"features {sorted(self.knots.keys() ^ set(NAMES))}")
        return Steps(
            knots=tuple(np.array(self.knots[name]) for name in NAMES),
            heights=tuple(
                tuple(np.array(self.heights[name][step]) for name in NAMES)
                for step in range(len(self.intercepts))
            ),
            intercepts=np.array(self.intercepts),
        )


class _File(BaseModel):
    fresh: _Steps
    decided: _Steps
    threshold: float


def write_grader(grader: Grader, path: Path) -> None:
    """Write a grader; floats keep all their digits."""
    file = _File(
        fresh=_Steps.of(grader.fresh),
        decided=_Steps.of(grader.decided),
        threshold=grader.threshold,
    )
    path.write_text(file.model_dump_json(indent=1) + "\n", "utf-8")


def read_grader(path: Path) -> Grader:
    """Read a grader. Raises BundleDamaged if the file is not one, or of other features."""
    try:
        file = _File.model_validate_json(path.read_bytes())
        return Grader(file.fresh.steps(), file.decided.steps(), file.threshold)
    except (OSError, ValueError, KeyError, IndexError) as error:
        message = f"{path} 不是可用的等级模型，请用 hongniang train grader 重新训练。"
        raise BundleDamaged(message) from error
