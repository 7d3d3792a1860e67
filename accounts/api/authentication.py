from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.acting import acts
from accounts.keys import is_same, prefix_of
from accounts.models import ApiKey
from accounts.querysets import ApiKeyQuerySet


class Integration:
    """Who calls with an API key: no user, only scopes."""

    is_authenticated = True
    is_active = True
    is_anonymous = False
    pk = None

    def __init__(self, api_key: ApiKey) -> None:
        self.api_key = api_key

    def has_perm(self, permission: str) -> bool:
        return False

    def has_scope(self, scope: str) -> bool:
        return scope in self.api_key.scopes


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer kp_…`."""

    def authenticate(self, request: Request) -> tuple[Integration, ApiKey] | None:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        api_key = self.find(key.strip())
        if api_key is None:
            raise AuthenticationFailed("This API key is unknown, expired or revoked.")
        acts(api_key=api_key.pk)
        return Integration(api_key), api_key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def find(self, key: str) -> ApiKey | None:
        return find_api_key(key, among=ApiKey.objects.all())


def find_api_key(key: str, *, among: ApiKeyQuerySet) -> ApiKey | None:
    prefix = prefix_of(key)
    if prefix is None:
        return None
    now = timezone.now()
    api_key = among.live(now=now).filter(prefix=prefix).first()
    if api_key is None or not is_same(api_key.digest, key):
        return None
    api_key.note_use(now=now)
    return api_key
