from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "workspace"
    verbose_name = _("Workspace")

    def ready(self) -> None:
        from customers.privacy.elsewhere import register_elsewhere
        from workspace.privacy import MAILBOX

        register_elsewhere(MAILBOX)
