"""Contrast of colours by WCAG 2.2: relative luminance and contrast ratio (w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

WHITE, BLACK = "#ffffff", "#000000"
READABLE = 4.5


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_on(background: str) -> str:
    """Black or white, whichever reads better."""
    return max(WHITE, BLACK, key=lambda text: contrast(text, background))


def readable(colour: str, *, on: str) -> str:
    """The colour itself where it reads well on the background, else the nearest shade of it that does."""
    goal = text_on(on)
    for percent in range(0, 101, 4):
        shade = _mixed(colour, goal, share=percent / 100)
        if contrast(shade, on) >= READABLE:
            return shade
    return goal


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _mixed(colour: str, other: str, *, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
