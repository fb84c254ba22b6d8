"""The picture that benchmarks/index.py draws from its own results."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

Points = Sequence[tuple[int, float]]
"""Documents and milliseconds."""
_OURS: Final = "#b5403a"
_OTHERS: Final = ("#4e6e8e", "#6b8f71", "#a07d4f", "#7d6b91", "#5b9aa0", "#8a8a8a", "#b08a97")
_APART: Final = 1.45
"""Factor between the heights of two labels."""


def draw(lines: Mapping[str, Points], title: str, path: Path) -> None:
    """Median latency against documents, both logarithmic, each line with its name at its end."""
    figure, axes = plt.subplots(figsize=(8, 5), dpi=150)
    colours = _colours(lines)
    for name, points in lines.items():
        ours = name == "ours"
        sizes, times = zip(*points, strict=True)
        axes.plot(sizes, times, "o-", color=colours[name], lw=2.4 if ours else 1.4, ms=4)
    axes.set(xscale="log", yscale="log", xlabel="documents", ylabel="milliseconds, median")
    _ticks(axes, sorted({size for points in lines.values() for size, _ in points}))
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(True, which="major", color="#e4e4e4", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    _label(axes, lines, colours)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, bbox_inches="tight")
    plt.close(figure)


def _ticks(axes: Axes, sizes: Sequence[int]) -> None:
    """Numbers as people write them, on the documents' axis those that were measured."""
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_xticks([], minor=True)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")


def _colours(lines: Mapping[str, Points]) -> dict[str, str]:
    others = [name for name in lines if name != "ours"]
    return {"ours": _OURS, **dict(zip(others, _OTHERS, strict=False))}


def _label(axes: Axes, lines: Mapping[str, Points], colours: Mapping[str, str]) -> None:
    """Names beside the last points, pushed up where they would overlap."""
    height = 0.0
    for name, points in sorted(lines.items(), key=lambda line: line[1][-1][1]):
        size, time = points[-1]
        height = max(time, height * _APART)
        axes.annotate(
            f"{name}  {time:.3g} ms",
            (size, height),
            xytext=(8, 0),
            textcoords="offset points",
            color=colours[name],
            fontsize=9,
            fontweight="bold" if name == "ours" else "normal",
            va="center",
            annotation_clip=False,
        )
