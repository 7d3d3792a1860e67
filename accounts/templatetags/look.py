from django.template import Library
from django.utils.safestring import SafeString
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

register = Library()


@register.simple_tag
def icon(name: str, *, size: int = 20, **attributes: str) -> SafeString:
    """An inline icon beside a word that says the same, so screen readers skip it. Staff may name any icon."""
    attributes["class"] = f"icon {attributes.get('class', '')}".strip()
    try:
        return SafeString(lucide(name, size=size, aria_hidden="true", **attributes))
    except IconDoesNotExist:
        return SafeString(lucide("circle", size=size, aria_hidden="true", **attributes))
