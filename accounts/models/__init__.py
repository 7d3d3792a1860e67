from accounts.models.api_key import ApiKey, Scope
from accounts.models.brand import Brand
from accounts.models.user import Team, User

__all__ = ["ApiKey", "Brand", "Scope", "Team", "User"]
