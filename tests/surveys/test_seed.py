import pytest
from django.core.management import CommandError, call_command

from surveys.models import Campaign, Question, Survey

pytestmark = pytest.mark.django_db


def test_it_adds_both_surveys_with_their_campaigns_switched_off():
    call_command("seed_vocabulary")
    call_command("seed_surveys")
    kinds = {
        survey.key: list(Question.objects.filter(version__survey=survey).values_list("kind", flat=True))
        for survey in Survey.objects.filter(versions__state="published")
    }
    assert kinds == {
        "product-review": ["stars", "nps", "long_text"],
        "service-satisfaction": ["csat", "ces", "long_text"],
    }
    campaigns = Campaign.objects.values_list("trigger_type__key", "delay_minutes", "purpose", "activated_at")
    assert set(campaigns) == {
        ("order_delivered", 7 * 24 * 60, "review", None),
        ("case_resolved", 30, "survey", None),
    }


def test_it_speaks_german_and_english_everywhere():
    call_command("seed_vocabulary")
    call_command("seed_surveys")
    assert not Question.objects.filter(text_en="").exists()
    assert not Survey.objects.filter(intro_en="").exists()


def test_it_leaves_what_staff_edited():
    call_command("seed_vocabulary")
    call_command("seed_surveys")
    Survey.objects.filter(key="product-review").update(label_de="Unsere Frage")
    Question.objects.filter(key="review").delete()
    Campaign.objects.update(delay_minutes=5)
    call_command("seed_surveys")
    assert Survey.objects.get(key="product-review").label_de == "Unsere Frage"
    assert Question.objects.count() == 5
    assert set(Campaign.objects.values_list("delay_minutes", flat=True)) == {5}


def test_it_asks_for_the_vocabulary_first():
    with pytest.raises(CommandError, match="seed_vocabulary"):
        call_command("seed_surveys")
