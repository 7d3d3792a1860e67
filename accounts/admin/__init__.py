from accounts.admin.api_key import ApiKeyAdmin
from accounts.admin.brand import BrandAdmin
from accounts.admin.change import ChangeAdmin
from accounts.admin.team import TeamAdmin
from accounts.admin.user import UserAdmin

__all__ = ["ApiKeyAdmin", "BrandAdmin", "ChangeAdmin", "TeamAdmin", "UserAdmin"]
