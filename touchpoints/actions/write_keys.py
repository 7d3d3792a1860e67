from datetime import datetime

from django.db import transaction

from accounts.actions import issue_api_key
from accounts.models import Scope, User
from touchpoints.models import Source, WriteKey


@transaction.atomic
def issue_write_key(
    *, source: Source, name: str, created_by: User | None = None, expires_at: datetime | None = None
) -> tuple[WriteKey, str]:
    """A key that may write for this source, with its secret text, which nobody can read again."""
    api_key, key = issue_api_key(
        name=name, scopes=[Scope.TOUCHPOINTS_WRITE], created_by=created_by, expires_at=expires_at
    )
    return WriteKey.objects.create(source=source, api_key=api_key), key
