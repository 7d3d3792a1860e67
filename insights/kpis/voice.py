"""Figures about what customers answered. They read answers, never touchpoints."""

from django.utils.translation import gettext_lazy as _

from insights.kpis.definition import Better, Formula, Kpi, Unit

DIMENSIONS = ("survey", "campaign", "question", "language")
OPTIONS = ("answers",)

KPIS = (
    Kpi(
        key="nps",
        name=_("Net Promoter Score"),
        definition=_(
            "Share of promoters (9 and 10) minus share of detractors (0 to 6) among the answers from 0 to 10, "
            "−100 to 100. Of several answers of one person the latest in the period counts; answers=first or all "
            "chooses otherwise."
        ),
        unit=Unit.SCORE,
        better=Better.UP,
        formula=Formula.NPS,
        statements=("answers", "nps"),
        dimensions=DIMENSIONS,
        options=OPTIONS,
        defaults=(("answers", "latest"), ("kinds", ["nps"]), ("lowest", 0), ("highest", 10)),
    ),
    Kpi(
        key="csat",
        name=_("Customer satisfaction"),
        definition=_("Share of the answers 4 and 5 on the scale from 1 to 5 (CSAT); the mean stands beside it."),
        unit=Unit.PERCENT,
        better=Better.UP,
        formula=Formula.SHARE,
        statements=("answers", "good_answers"),
        dimensions=DIMENSIONS,
        options=OPTIONS,
        defaults=(("answers", "all"), ("kinds", ["csat"]), ("lowest", 1), ("highest", 5), ("good_from", 4)),
    ),
    Kpi(
        key="ces",
        name=_("Customer effort"),
        definition=_(
            "Share of the answers 5 to 7 to “made it easy for me” on the scale from 1 to 7 (CES 2.0, 7 is easy); "
            "the mean stands beside it."
        ),
        unit=Unit.PERCENT,
        better=Better.UP,
        formula=Formula.SHARE,
        statements=("answers", "good_answers"),
        dimensions=DIMENSIONS,
        options=OPTIONS,
        defaults=(("answers", "all"), ("kinds", ["ces"]), ("lowest", 1), ("highest", 7), ("good_from", 5)),
    ),
    Kpi(
        key="stars",
        name=_("Stars"),
        definition=_("Mean of the stars given, 1 to 5, every answer counted."),
        unit=Unit.NUMBER,
        better=Better.UP,
        formula=Formula.MEAN,
        statements=("answers", "mean_answer"),
        dimensions=DIMENSIONS,
        options=OPTIONS,
        defaults=(("answers", "all"), ("kinds", ["stars"]), ("lowest", 1), ("highest", 5)),
    ),
    Kpi(
        key="response_rate",
        name=_("Response rate"),
        definition=_(
            "Answered invitations of those sent in the period that could be delivered, whenever the answer came. "
            "Reminders add no invitation; answers over an open link have no rate."
        ),
        unit=Unit.PERCENT,
        better=Better.UP,
        formula=Formula.SHARE,
        statements=("invitations", "response_rate"),
        dimensions=("survey", "campaign", "language"),
    ),
)
