"""Finding names however they are spelled: case, accents, ß = ss, and ue = ü = u make no difference."""

from django.db.models import CharField, Func


class SpelledAlike(Func):
    """`folded()` (customers/migrations/0002_folded.sql), and ae, oe, ue read as a, o, u."""

    function = "regexp_replace"
    template = "regexp_replace(folded(%(expressions)s), '([aou])e', '\\1', 'g')"
    output_field = CharField()
