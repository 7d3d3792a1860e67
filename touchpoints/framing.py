"""The frame around every mail: imprint, privacy notice and objection note, out of reach of the kinds."""

from typing import NamedTuple

import css_inline
from django.template.loader import get_template
from django.utils import translation
from mjml import mjml2html

from accounts.colour import text_on
from accounts.models import Brand
from customers.consent import ADVERTISING_PURPOSES
from customers.models.consent import Purpose
from touchpoints.mail import Mail, render_text

_inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


class Framed(NamedTuple):
    html: str
    text: str


def frame(
    mail: Mail, *, brand: Brand, language: str, purpose: str, unsubscribe_url: str = "", preferences_url: str = ""
) -> Framed:
    """The whole mail; advertising is not framed without a way to object."""
    is_advertising = purpose in ADVERTISING_PURPOSES
    if is_advertising and not unsubscribe_url:
        raise ValueError("Advertising needs a link to object with.")
    with translation.override(language):
        values = {
            "mail": mail,
            "brand": brand,
            "on_accent": text_on(brand.accent_colour),
            "language": language,
            "is_advertising": is_advertising,
            "is_internal": not purpose,
            "purpose": Purpose(purpose).described if purpose else "",
            "unsubscribe_url": unsubscribe_url,
            "preferences_url": preferences_url,
        }
        mjml = get_template("mail/frame.mjml").render(values)
        return Framed(html=_inliner.inline(mjml2html(mjml)), text=render_text("mail/frame.txt", values))
