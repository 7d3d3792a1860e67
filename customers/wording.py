"""The words that customers agree to: those that staff wrote last, else those of the library."""

import tomllib
from pathlib import Path

from customers.models import ConsentText

LIBRARY = tomllib.loads((Path(__file__).parent / "library" / "consent_texts.toml").read_text())


def text_for(purpose: str) -> ConsentText:
    """The text to show now; those of the library are not stored before somebody agrees to them."""
    key = f"consent-{purpose}"
    words = LIBRARY[purpose]
    newest = ConsentText.objects.filter(key=key).order_by("-version").first()
    return newest or ConsentText(key=key, version=1, text_de=words["de"], text_en=words["en"])


def stored(text: ConsentText) -> ConsentText:
    if text.pk:
        return text
    words = {"text_de": text.text_de, "text_en": text.text_en}
    return ConsentText.objects.get_or_create(key=text.key, version=text.version, defaults=words)[0]
