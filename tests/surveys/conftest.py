import pytest
from django.utils import timezone

from surveys.models import Invitation
from tests.surveys.factories import make_campaign, make_invitation
from touchpoints.actions import seed_vocabulary


@pytest.fixture
def invitation(db: None) -> Invitation:
    """Sent a moment ago, about a case, in German."""
    seed_vocabulary()
    return make_invitation(make_campaign(), sent_at=timezone.now(), subject="case:V-1")
