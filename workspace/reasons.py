"""Why somebody may or may not be contacted, in an agent's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.consent import CONTRACT_BASIS, POST_BASIS, Refusal
from customers.models.consent import LegalBasis

REFUSALS: dict[str, str | Promise] = {
    Refusal.SUPPRESSED: _("the address is on the suppression list"),
    Refusal.NO_ADDRESS: _("no confirmed e-mail address is known"),
    Refusal.OBJECTED: _("the person objected"),
    Refusal.WITHDRAWN: _("the consent was withdrawn"),
    Refusal.NO_LEGAL_BASIS: _("there is no consent"),
    Refusal.PAUSED: _("the person wants a pause"),
    Refusal.BRAND_INCOMPLETE: _("the brand lacks sender, imprint or privacy notice"),
}
BASES: dict[str, str | Promise] = {
    LegalBasis.OPT_IN: _("with consent"),
    LegalBasis.EXISTING_CUSTOMER: _("as an existing customer"),
    CONTRACT_BASIS: _("as part of the contract"),
    POST_BASIS: _("until they object"),
}
