"""The reasons of cases every installation starts with: two short trees, in German and English. Staff add to them."""

from typing import NamedTuple


class ReasonWord(NamedTuple):
    kind: str
    key: str
    label_de: str
    label_en: str
    parent: str = ""


CAUSE, RESOLUTION = "root_cause", "resolution"

REASONS = (
    ReasonWord(CAUSE, "delivery", "Lieferung", "Delivery"),
    ReasonWord(CAUSE, "late_delivery", "Lieferung verspätet", "Late delivery", "delivery"),
    ReasonWord(CAUSE, "damaged_in_transit", "Transportschaden", "Damaged in transit", "delivery"),
    ReasonWord(CAUSE, "wrong_goods", "Falsche Ware", "Wrong goods", "delivery"),
    ReasonWord(CAUSE, "product", "Produkt", "Product"),
    ReasonWord(CAUSE, "worn_part", "Teil verschlissen", "Worn part", "product"),
    ReasonWord(CAUSE, "defect", "Defekt ab Werk", "Defect from the start", "product"),
    ReasonWord(CAUSE, "unclear_use", "Bedienung unklar", "Use unclear", "product"),
    ReasonWord(CAUSE, "invoice", "Rechnung und Zahlung", "Invoice and payment"),
    ReasonWord(CAUSE, "wrong_invoice", "Rechnung falsch", "Wrong invoice", "invoice"),
    ReasonWord(CAUSE, "payment_trouble", "Zahlung gestört", "Trouble with a payment", "invoice"),
    ReasonWord(CAUSE, "our_service", "Unser Service", "Our service"),
    ReasonWord(CAUSE, "not_reachable", "Nicht erreichbar", "Not reachable", "our_service"),
    ReasonWord(CAUSE, "wrong_information", "Falsch informiert", "Wrong information", "our_service"),
    ReasonWord(CAUSE, "other_cause", "Sonstige Ursache", "Other cause"),
    ReasonWord(RESOLUTION, "explained", "Erklärt oder beraten", "Explained or advised"),
    ReasonWord(RESOLUTION, "repaired", "Repariert", "Repaired"),
    ReasonWord(RESOLUTION, "replaced", "Ersetzt oder nachgeliefert", "Replaced or sent again"),
    ReasonWord(RESOLUTION, "money", "Geld", "Money"),
    ReasonWord(RESOLUTION, "refunded", "Betrag erstattet", "Amount refunded", "money"),
    ReasonWord(RESOLUTION, "voucher_given", "Gutschein gegeben", "Voucher given", "money"),
    ReasonWord(RESOLUTION, "invoice_corrected", "Rechnung berichtigt", "Invoice corrected", "money"),
    ReasonWord(RESOLUTION, "handed_on", "An andere Stelle gegeben", "Handed on"),
    ReasonWord(RESOLUTION, "no_answer", "Keine Rückmeldung mehr", "Nobody answered any more"),
    ReasonWord(RESOLUTION, "other_resolution", "Sonstige Lösung", "Other resolution"),
)
