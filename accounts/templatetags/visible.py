from django import template
from django.template.defaultfilters import stringfilter
from django.utils.translation import gettext

from accounts.visible import visible

register = template.Library()
# The names put in hold no markup, so HTML that was safe stays safe.
register.filter("visible", stringfilter(visible), is_safe=True)


@register.filter(is_safe=True)
@stringfilter
def cell(html: str) -> str:
    """A value as Django's administration renders it, with its unseen characters and its icons in words."""
    for alt, words in (("True", gettext("Yes")), ("False", gettext("No")), ("None", gettext("Unknown"))):
        html = html.replace(f'alt="{alt}"', f'alt="{words}"')
    return visible(html)
