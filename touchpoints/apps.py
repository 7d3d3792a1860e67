from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from prometheus_client import REGISTRY

HOURS = ("businesshours", "openhours", "closedday")


class TouchpointsConfig(AppConfig):
    name = "touchpoints"
    verbose_name = _("Touchpoints")
    # For the record of processing activities (Art. 30).
    processing_purpose = _("Serving customers: contacts, orders, cases, mails.")
    processing_basis = _("Contract and legitimate interest (Art. 6 (1) b and f GDPR)")
    role_permissions = {
        "customer_success": [
            "add_casereason",
            "change_casereason",
            *(f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in HOURS),
            "view_source",
            "view_channel",
            "change_channel",
            "add_channel",
            "view_acquisitionrule",
            "change_acquisitionrule",
            "add_acquisitionrule",
            "delete_acquisitionrule",
            "view_touchpointtype",
            "change_touchpointtype",
            "add_touchpointtype",
            "view_touchpoint",
            "add_touchpoint",
            "view_subject",
            "view_order",
            "view_subscription",
            "view_case",
            "add_case",
            "change_case",
            "view_casereason",
            "view_message",
            "change_message",
            "view_mailhost",
            "view_rejectedtouchpoint",
            "change_rejectedtouchpoint",
            "delete_rejectedtouchpoint",
            "view_followerposition",
            "view_parkedrow",
            "view_webhook",
            "view_webhookdelivery",
        ],
        "team_lead": [
            *(f"view_{model}" for model in HOURS),
            "view_channel",
            "view_touchpointtype",
            "view_touchpoint",
            "add_touchpoint",
            "view_subject",
            "view_order",
            "view_subscription",
            "view_case",
            "add_case",
            "change_case",
            "view_casereason",
            "view_message",
        ],
        "service_agent": [
            "view_channel",
            "view_touchpointtype",
            "view_touchpoint",
            "add_touchpoint",
            "view_subject",
            "view_order",
            "view_subscription",
            "view_case",
            "add_case",
            "change_case",
            "view_casereason",
            "view_message",
        ],
        "analyst": ["view_channel", "view_touchpointtype", "view_acquisitionrule"],
    }

    def ready(self) -> None:
        from customers import facts
        from customers.privacy.elsewhere import register_elsewhere
        from customers.privacy.retention import register_data_class
        from customers.segments.condition import register as register_conditions
        from touchpoints import feed, opt_in_mail
        from touchpoints import segment_conditions as asking
        from touchpoints.actions.data_classes import CLASSES
        from touchpoints.facts import FACTS
        from touchpoints.followers import SUBJECTS, VOCABULARY
        from touchpoints.mail import MessageKind, register_kind
        from touchpoints.metrics import FeedCollector
        from touchpoints.privacy import PLACES
        from touchpoints.webhooks.following import WEBHOOKS

        for place in PLACES:
            register_elsewhere(place)
        for data_class in CLASSES:
            register_data_class(data_class)
        facts.register(FACTS)
        feed.register(SUBJECTS)
        feed.register(WEBHOOKS)
        feed.register(VOCABULARY)
        register_kind(MessageKind(opt_in_mail.KIND, opt_in_mail.may_send, opt_in_mail.render))
        register_conditions(asking.TouchpointCount, asking.ValueSum, asking.Orders, asking.Cases, asking.Subscriptions)
        REGISTRY.register(FeedCollector())
        post_migrate.connect(feed.enrol_followers, sender=self, dispatch_uid="touchpoints.enrol_followers")
