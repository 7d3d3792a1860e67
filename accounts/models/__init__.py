from accounts.models.api_key import ApiKey, Scope
from accounts.models.brand import Brand
from accounts.models.change import Change, ChangeKind
from accounts.models.user import Team, TeamMember, User, UserPermission, UserRole

__all__ = [
    "ApiKey",
    "Brand",
    "Change",
    "ChangeKind",
    "Scope",
    "Team",
    "TeamMember",
    "User",
    "UserPermission",
    "UserRole",
]
