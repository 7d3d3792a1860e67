"""Makes characters visible that nobody sees but that change what is read: bidi controls, zero-width, controls."""

import re

_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but tab and line ends
    "\u00ad\u034f\u061c\u180e"
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e001f"
)
# The zero-width joiner belongs inside an emoji; anywhere else it hides something.
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_PATTERN = re.compile(f"[{_UNSEEN}]|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])")


def visible(text: str) -> str:
    """The text with every unseen character named, for example ‹U+202E›."""
    return _PATTERN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)
