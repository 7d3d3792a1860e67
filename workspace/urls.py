from django.urls import path

from workspace.views import cases, consents, contacts, customers, mailbox, notes, objections, subjects, tags
from workspace.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/timeline/", customers.timeline, name="customer-timeline"),
    path("customers/<int:pk>/contacts/", contacts.log, name="customer-contacts"),
    path("customers/<int:pk>/cases/new/", cases.new_case, name="new-case"),
    path("customers/<int:pk>/consent-requests/", consents.consent_request, name="customer-consent-requests"),
    path("customers/<int:pk>/objection/", objections.objection, name="customer-objection"),
    path("customers/<int:pk>/notes/", notes.add, name="customer-notes"),
    path("customers/<int:pk>/tags/", tags.tags, name="customer-tags"),
    path("notes/<int:pk>/", notes.edit, name="note"),
    path("contacts/<int:pk>/retraction/", contacts.retract, name="contact-retraction"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/resolution/", cases.resolution, name="case-resolution"),
    path("cases/<int:pk>/reopening/", cases.reopening, name="case-reopening"),
    path("cases/<int:pk>/ownership/", cases.ownership, name="case-ownership"),
    path("subjects/<int:pk>/", subjects.subject, name="subject"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.mail, name="mail"),
    path("mailbox/<slug:name>/html/", mailbox.mail_html, name="mail-html"),
]
