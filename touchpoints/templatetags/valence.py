from dataclasses import dataclass

from django.template import Library
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = Library()


@dataclass(frozen=True)
class Face:
    css: str
    icon: str
    label: str | Promise


FACES = {
    -2: Face("valence-lowest", "angry", _("very bad")),
    -1: Face("valence-low", "frown", _("bad")),
    0: Face("valence-middle", "meh", _("neutral")),
    1: Face("valence-high", "smile", _("good")),
    2: Face("valence-highest", "laugh", _("very good")),
}


@register.inclusion_tag("touchpoints/_face.html")
def face(valence: int | float | None, *, size: int = 20) -> dict[str, object]:
    """The face of a valence of −2 to +2; nothing where none was measured."""
    nearest = None if valence is None else max(-2, min(2, round(valence)))
    return {"face": None if nearest is None else FACES[nearest], "size": size}


@register.simple_tag
def scale_face(step: int) -> Face:
    """The face of a step of 1 to 5, as a satisfaction question shows them."""
    return FACES[step - 3]
