"""One line per figure: `name value unit | other other_value | ratio r | goal g | ok/short`."""

import statistics
import time
from collections.abc import Callable


def seconds(action: Callable[[], object], *, rounds: int = 3) -> float:
    """The median of some rounds."""
    return statistics.median(_timed(action) for _ in range(rounds))


def print_figure(
    name: str,
    value: float,
    unit: str,
    *,
    other: tuple[str, float] | None = None,
    goal: float | None = None,
    least_ratio: float | None = None,
) -> None:
    """`goal` is a lower bound of the value itself, `least_ratio` one of its ratio to the other."""
    parts = [f"{name} {value:,.0f} {unit}"]
    if other:
        parts += [f"{other[0]} {other[1]:,.0f}", f"ratio {value / other[1]:.2f}"]
    if goal is not None:
        parts += [f"goal {goal:,.0f}", "ok" if value >= goal else "short"]
    if least_ratio is not None and other:
        parts += [f"goal {least_ratio:.2f}", "ok" if value / other[1] >= least_ratio else "short"]
    print(" | ".join(parts), flush=True)


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
