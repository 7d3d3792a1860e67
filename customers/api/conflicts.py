from rest_framework.request import Request
from rest_framework.reverse import reverse

from accounts.api.problems import Problem
from customers.models import Identity


def identity_known(identity: Identity, request: Request) -> Problem:
    """Who asks may see all customers, so the answer may say who has it."""
    return Problem(
        409,
        "identity_known",
        f"This {identity.kind} leads to customer {identity.customer_id} already. Change that one, or merge the two.",
        kind=identity.kind,
        customer=identity.customer_id,
        location=reverse("customer-detail", args=[identity.customer_id], request=request),
    )
