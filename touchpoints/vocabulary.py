"""The words every installation starts with: channels and touchpoint types of a purchase, a service case and a
subscription, in German and English. Staff add to them and re-word them in the admin."""

from typing import NamedTuple

from touchpoints.models.vocabulary import Phase

A, C, P, R, V = Phase.AWARENESS, Phase.CONSIDERATION, Phase.PURCHASE, Phase.RETENTION, Phase.ADVOCACY


class ChannelWord(NamedTuple):
    key: str
    label_de: str
    label_en: str
    icon: str


class TypeWord(NamedTuple):
    key: str
    label_de: str
    label_en: str
    channel: str
    phase: Phase
    aliases: tuple[str, ...] = ()
    is_logged_by_hand: bool = False


CHANNELS = (
    ChannelWord("web", "Website", "Website", "globe"),
    ChannelWord("app", "App", "App", "smartphone"),
    ChannelWord("email", "E-Mail", "E-mail", "mail"),
    ChannelWord("phone", "Telefon", "Phone", "phone"),
    ChannelWord("chat", "Chat", "Chat", "message-circle"),
    ChannelWord("social", "Soziale Medien", "Social media", "share-2"),
    ChannelWord("advertising", "Werbung", "Advertising", "megaphone"),
    ChannelWord("store", "Filiale", "Store", "store"),
    ChannelWord("post", "Brief", "Letter", "file-text"),
    ChannelWord("marketplace", "Marktplatz", "Marketplace", "shopping-bag"),
    ChannelWord("field_service", "Außendienst", "Field service", "wrench"),
    ChannelWord("delivery", "Lieferung", "Delivery", "truck"),
    ChannelWord("event", "Veranstaltung", "Event", "calendar"),
    ChannelWord("word_of_mouth", "Persönliche Empfehlung", "Word of mouth", "users"),
    ChannelWord("system", "System", "System", "settings"),
)

TYPES = (
    # Online purchase
    TypeWord("ad_viewed", "Anzeige gesehen", "Advertisement seen", "advertising", A, ("Promotion Viewed",)),
    TypeWord("ad_clicked", "Anzeige angeklickt", "Advertisement clicked", "advertising", A, ("Promotion Clicked",)),
    TypeWord("word_of_mouth", "Persönlich empfohlen bekommen", "Recommended in person", "word_of_mouth", A),
    TypeWord("event_visited", "Messe oder Veranstaltung besucht", "Trade fair or event visited", "event", A, (), True),
    TypeWord("page_viewed", "Seite angesehen", "Page viewed", "web", A),
    TypeWord("screen_viewed", "Ansicht in der App geöffnet", "Screen viewed", "app", A),
    TypeWord("products_searched", "Produkte gesucht", "Products searched", "web", C, ("Products Searched",)),
    TypeWord(
        "category_viewed",
        "Kategorie angesehen",
        "Category viewed",
        "web",
        C,
        ("Product List Viewed", "Product List Filtered"),
    ),
    TypeWord("product_viewed", "Produkt angesehen", "Product viewed", "web", C, ("Product Viewed", "Product Clicked")),
    TypeWord("reviews_read", "Bewertungen gelesen", "Reviews read", "web", C),
    TypeWord(
        "wishlist_added", "Auf die Merkliste gesetzt", "Added to wishlist", "web", C, ("Product Added to Wishlist",)
    ),
    TypeWord(
        "wishlist_removed",
        "Von der Merkliste genommen",
        "Removed from wishlist",
        "web",
        C,
        ("Product Removed from Wishlist",),
    ),  # fmt: skip
    TypeWord("newsletter_subscribed", "Newsletter bestellt", "Newsletter subscribed", "web", C),
    TypeWord(
        "basket_added",
        "In den Warenkorb gelegt",
        "Added to basket",
        "web",
        P,
        ("Product Added", "Wishlist Product Added to Cart"),
    ),  # fmt: skip
    TypeWord("basket_removed", "Aus dem Warenkorb genommen", "Removed from basket", "web", P, ("Product Removed",)),
    TypeWord("basket_viewed", "Warenkorb angesehen", "Basket viewed", "web", P, ("Cart Viewed",)),
    TypeWord("checkout_started", "Kasse begonnen", "Checkout started", "web", P, ("Checkout Started",)),
    TypeWord(
        "checkout_continued",
        "An der Kasse weiter",
        "Checkout continued",
        "web",
        P,
        ("Checkout Step Viewed", "Checkout Step Completed"),
    ),  # fmt: skip
    TypeWord(
        "payment_entered", "Zahlungsdaten eingegeben", "Payment details entered", "web", P, ("Payment Info Entered",)
    ),
    TypeWord("coupon_entered", "Gutschein eingegeben", "Coupon entered", "web", P, ("Coupon Entered",)),
    TypeWord("coupon_applied", "Gutschein eingelöst", "Coupon applied", "web", P, ("Coupon Applied",)),
    TypeWord("coupon_denied", "Gutschein abgelehnt", "Coupon denied", "web", P, ("Coupon Denied",)),
    TypeWord("coupon_removed", "Gutschein entfernt", "Coupon removed", "web", P, ("Coupon Removed",)),
    TypeWord("payment_failed", "Zahlung gescheitert", "Payment failed", "web", P),
    TypeWord("order_placed", "Bestellung aufgegeben", "Order placed", "web", P, ("Order Completed",)),
    TypeWord("order_paid", "Bestellung bezahlt", "Order paid", "web", P, ("Order Paid",)),
    TypeWord("order_updated", "Bestellung geändert", "Order updated", "web", P, ("Order Updated",)),
    TypeWord("order_confirmed", "Bestellung bestätigt", "Order confirmed", "email", P),
    TypeWord("order_shipped", "Bestellung versandt", "Order shipped", "delivery", P, ("Order Shipped",)),
    TypeWord("tracking_viewed", "Sendung verfolgt", "Tracking viewed", "web", P),
    TypeWord("delivery_failed", "Zustellung gescheitert", "Delivery failed", "delivery", P),
    TypeWord("order_delivered", "Bestellung geliefert", "Order delivered", "delivery", P, ("Order Delivered",)),
    TypeWord("order_cancelled", "Bestellung storniert", "Order cancelled", "web", P, ("Order Cancelled",)),
    TypeWord("order_exchanged", "Ware umgetauscht", "Goods exchanged", "delivery", R),
    TypeWord("order_returned", "Ware zurückgesandt", "Goods returned", "delivery", R, ("Order Returned",)),
    TypeWord("order_refunded", "Betrag erstattet", "Amount refunded", "system", R, ("Order Refunded",)),
    TypeWord("store_visited", "Filiale besucht", "Store visited", "store", C, (), True),
    TypeWord("store_purchased", "In der Filiale gekauft", "Bought in store", "store", P, (), True),
    # After the purchase
    TypeWord("survey_invited", "Zur Umfrage eingeladen", "Invited to a survey", "email", R),
    TypeWord("survey_answered", "Umfrage beantwortet", "Survey answered", "web", R),
    TypeWord("callback_wished", "Rückruf gewünscht", "Callback wished", "web", R),
    TypeWord("review_submitted", "Bewertung abgegeben", "Review submitted", "web", V, ("Product Reviewed",)),
    TypeWord("recommended", "Weiterempfohlen", "Recommended", "web", V, ("Product Shared", "Cart Shared")),
    TypeWord("referral_signed_up", "Empfohlene Person angemeldet", "Referred person signed up", "web", V),
    TypeWord("mail_sent", "E-Mail gesendet", "E-mail sent", "email", R),
    TypeWord("mail_bounced", "E-Mail unzustellbar", "E-mail bounced", "email", R),
    TypeWord("unsubscribed", "Abgemeldet", "Unsubscribed", "email", R),
    # Service
    TypeWord("product_problem", "Problem mit einem Produkt", "Problem with a product", "web", R),
    TypeWord("help_viewed", "Hilfe gelesen", "Help read", "web", R),
    TypeWord("call_inbound", "Anruf von der Kundin oder dem Kunden", "Call from the customer", "phone", R, (), True),
    TypeWord("call_outbound", "Anruf bei der Kundin oder dem Kunden", "Call to the customer", "phone", R, (), True),
    TypeWord("email_inbound", "E-Mail erhalten", "E-mail received", "email", R, (), True),
    TypeWord("email_outbound", "E-Mail geschrieben", "E-mail written", "email", R, (), True),
    TypeWord("letter_inbound", "Brief erhalten", "Letter received", "post", R, (), True),
    TypeWord("letter_outbound", "Brief geschrieben", "Letter written", "post", R, (), True),
    TypeWord("chat_held", "Chat geführt", "Chat held", "chat", R, (), True),
    TypeWord("customer_visited", "Kundin oder Kunden besucht", "Customer visited", "field_service", R, (), True),
    TypeWord("case_opened", "Vorgang eröffnet", "Case opened", "system", R),
    TypeWord("case_assigned", "Vorgang zugewiesen", "Case assigned", "system", R),
    TypeWord("case_changed", "Vorgang geändert", "Case changed", "system", R),
    TypeWord("case_commented", "Vorgang kommentiert", "Case commented on", "system", R),
    TypeWord("case_linked", "Vorgang verknüpft", "Case linked", "system", R),
    TypeWord("case_waiting", "Vorgang wartet auf Rückmeldung", "Case waits for the customer", "system", R),
    TypeWord("case_resumed", "Vorgang geht weiter", "Case goes on", "system", R),
    TypeWord(
        "technician_scheduled", "Technikertermin vereinbart", "Technician scheduled", "field_service", R, (), True
    ),
    TypeWord("technician_visited", "Techniker war vor Ort", "Technician on site", "field_service", R, (), True),
    TypeWord("case_resolved", "Vorgang gelöst", "Case resolved", "system", R),
    TypeWord("case_reopened", "Vorgang wieder geöffnet", "Case reopened", "system", R),
    TypeWord("case_closed", "Vorgang geschlossen", "Case closed", "system", R),
    TypeWord("complaint_received", "Beschwerde erhalten", "Complaint received", "phone", R, (), True),
    # Subscription
    TypeWord("trial_started", "Testphase begonnen", "Trial started", "web", C, ("Trial Started",)),
    TypeWord("subscription_started", "Abo begonnen", "Subscription started", "web", P, ("Subscription Started",)),
    TypeWord("subscription_renewed", "Abo verlängert", "Subscription renewed", "system", R),
    TypeWord("subscription_paused", "Abo pausiert", "Subscription paused", "web", R),
    TypeWord("subscription_cancelled", "Abo gekündigt", "Subscription cancelled", "web", R),
    TypeWord("subscription_ended", "Abo beendet", "Subscription ended", "system", R),
    TypeWord("account_created", "Konto angelegt", "Account created", "web", C, ("Signed Up", "Account Created")),
    TypeWord("signed_in", "Angemeldet", "Signed in", "web", R, ("Signed In",)),
    # What SDKs say about people
    TypeWord("identified", "Wiedererkannt", "Recognised", "system", R),
    TypeWord("company_joined", "Einer Firma zugeordnet", "Assigned to a company", "system", R),
)
