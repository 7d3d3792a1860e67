from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.keys import make_key
from accounts.models import ApiKey, User


@transaction.atomic
def issue_api_key(
    *, name: str, scopes: Sequence[str], created_by: User | None = None, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Create a key and return it with its secret text, which nobody can read again."""
    new = make_key()
    api_key = ApiKey(
        name=name,
        scopes=list(scopes),
        prefix=new.prefix,
        digest=new.digest,
        created_by=created_by,
        expires_at=expires_at,
    )
    api_key.full_clean()
    api_key.save()
    return api_key, new.key


@transaction.atomic
def revoke_api_key(*, api_key: ApiKey) -> ApiKey:
    ApiKey.objects.filter(pk=api_key.pk, revoked_at=None).update(revoked_at=timezone.now())
    api_key.refresh_from_db()
    return api_key
