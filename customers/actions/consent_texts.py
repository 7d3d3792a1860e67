from django.db import transaction

from customers.models import ConsentText


@transaction.atomic
def draft_text(*, text: ConsentText) -> ConsentText:
    """A new version to edit, beginning with the words of this one; the last one is taken if nobody saw it yet."""
    newest = ConsentText.objects.filter(key=text.key).select_for_update().latest("version")
    if not newest.is_in_use and newest.pk != text.pk:
        return newest
    return ConsentText.objects.create(
        key=text.key, version=newest.version + 1, text_de=text.text_de, text_en=text.text_en
    )
