"""What the customers app keeps for a time only, and the history, of which the accounts app knows no rule."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from accounts.models import Change
from customers.actions.retaining import delete_rows, let_go
from customers.models import CustomerAccess, CustomerExport
from customers.privacy.retention import DataClass, older

CLASSES = (
    DataClass(
        "accounts.changes",
        _("history: who changed what"),
        1095,
        _("Three years: so long claims last (§ 195 BGB) and a breach of data protection can be fined (§ 31 OWiG)."),
        partial(older, Change, "changed_at"),
        partial(let_go, Change),
    ),
    DataClass(
        "customers.accesses",
        _("log of who looked at whom"),
        365,
        _("A year: enough to look into a complaint, and what CNIL (2021-122) recommends at most for such logs."),
        partial(older, CustomerAccess, "accessed_at"),
        partial(let_go, CustomerAccess),
    ),
    DataClass(
        "customers.exports",
        _("notes of who took data out"),
        1095,
        _("Three years: so long claims last (§ 195 BGB)."),
        partial(older, CustomerExport, "created_at"),
        partial(delete_rows, CustomerExport),
    ),
)
