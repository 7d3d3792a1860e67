import pytest
from django.core.management import call_command
from django.utils import translation

from accounts.models import Brand
from touchpoints import vocabulary
from touchpoints.models import Channel, Source, TouchpointType

pytestmark = pytest.mark.django_db


def test_it_creates_every_word_in_both_languages():
    call_command("seed_vocabulary")

    assert Channel.objects.count() == len(vocabulary.CHANNELS)
    assert TouchpointType.objects.count() == len(vocabulary.TYPES)
    assert not TouchpointType.objects.filter(label_en="").exists()
    delivered = TouchpointType.objects.get(key="order_delivered")
    with translation.override("de"):
        assert str(delivered) == "Bestellung geliefert"
    with translation.override("en"):
        assert str(delivered) == "Order delivered"


def test_it_gives_a_brand_and_the_sources_of_our_own():
    call_command("seed_vocabulary")

    assert Brand.objects.default().name == "Kundenpfad"
    assert set(Source.objects.values_list("key", flat=True)) == {"kundenpfad", "staff"}


def test_it_keeps_what_staff_changed():
    call_command("seed_vocabulary")
    TouchpointType.objects.filter(key="order_placed").update(label_de="Kauf")

    call_command("seed_vocabulary")

    assert TouchpointType.objects.get(key="order_placed").label_de == "Kauf"


def test_no_alias_names_two_types():
    aliases = [alias for word in vocabulary.TYPES for alias in word.aliases]
    assert len(aliases) == len(set(aliases))
