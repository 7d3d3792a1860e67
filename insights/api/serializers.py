"""What may be asked (every parameter validated, none ignored) and what an answer looks like in the documentation."""

from datetime import date, datetime, timedelta
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Brand
from accounts.strict_json import is_storable
from insights.kpis import Kpi
from insights.periods import EARLIEST, LATEST, Granularity, Period
from insights.questions import Question
from surveys.models import Campaign, Survey
from touchpoints.models import Channel, Source, TouchpointType

MOST_BUCKETS = 400
FILTERS = ("channel", "source", "place", "country", "survey", "campaign", "question", "language")


@extend_schema_field(OpenApiTypes.STR)
class TypesField(serializers.Field[list[str], str, list[str], Any]):
    """Keys of touchpoint types with commas between them."""

    def to_internal_value(self, data: str) -> list[str]:
        if not is_storable(data):
            raise serializers.ValidationError("A key holds NUL or half a character.")
        keys = [key.strip() for key in data.split(",")]
        known = set(TouchpointType.objects.filter(key__in=keys).values_list("key", flat=True))
        if unknown := [key for key in keys if key not in known]:
            raise serializers.ValidationError(f"There is no touchpoint type “{unknown[0]}”.")
        return keys


class KeyField(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """The key of a row that must exist."""

    def __init__(self, model: Any, **options: Any) -> None:
        super().__init__(slug_field="key", queryset=model.objects.all(), required=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not is_storable(str(data)):
            self.fail("does_not_exist", slug_name="key", value="…")
        return str(super().to_internal_value(data).key)


class KpiQuery(serializers.Serializer[Question]):
    to = serializers.DateField(required=False, help_text="First day that no longer counts; tomorrow if left out.")
    brand = serializers.PrimaryKeyRelatedField(
        required=False, queryset=Brand.objects.all(), help_text="The default brand if left out."
    )
    granularity = serializers.ChoiceField(
        required=False, choices=[it.value for it in Granularity], help_text="Adds a series; needs `from`."
    )
    compare = serializers.ChoiceField(
        required=False, choices=["previous"], help_text="Adds the period of the same length just before."
    )
    breakdown = serializers.ChoiceField(
        required=False, choices=FILTERS, help_text="Adds one figure for each value of a dimension."
    )
    currency = serializers.RegexField(
        r"^[A-Z]{3}\Z", required=False, help_text="Of money; the brand's if left out. Never added across currencies."
    )
    channel = KeyField(Channel, help_text="Key of a channel.")
    place = serializers.CharField(required=False, max_length=200, help_text="As the touchpoints name it.")
    country = serializers.CharField(required=False, max_length=2, help_text="Of the customer, two letters.")
    survey = KeyField(Survey, help_text="Key of a survey.")
    campaign = KeyField(Campaign, help_text="Key of a campaign.")
    question = serializers.SlugField(required=False, help_text="Key of a question.")
    language = serializers.ChoiceField(required=False, choices=["de", "en"], help_text="In which was answered.")
    customers = serializers.ChoiceField(
        required=False, choices=["known", "all"], help_text="`all` counts anonymous receipts as well."
    )
    values = serializers.ChoiceField(
        required=False, choices=["positive", "any"], help_text="`any` counts touchpoints with a value of 0 or less."
    )
    activity = TypesField(required=False, help_text="Touchpoint types that count, with commas.")
    cohort_event = TypesField(required=False, help_text="Touchpoint types that begin a cohort, with commas.")
    return_event = TypesField(required=False, help_text="Touchpoint types that count as coming back, with commas.")
    include_unfinished = serializers.BooleanField(
        required=False, default=None, allow_null=True, help_text="Whether unfinished months count in the means."
    )
    month = serializers.IntegerField(
        required=False, min_value=0, max_value=600, help_text="k: how many months later (1)."
    )
    order_unit = serializers.ChoiceField(
        required=False, choices=["order", "day"], help_text="`day` counts orders of one day as one."
    )
    days = serializers.IntegerField(required=False, min_value=0, max_value=3650, help_text="Threshold in days (90).")
    as_of = serializers.DateField(required=False, help_text="The day from which is looked back; today if left out.")
    answers = serializers.ChoiceField(
        required=False, choices=["first", "latest", "all"], help_text="Which answers of one person count."
    )

    def get_fields(self) -> dict[str, Any]:
        """With the two whose names Python or the framework use."""
        first = serializers.DateField(required=False, help_text="First day, in the brand's time zone.")
        return {"from": first} | super().get_fields() | {"source": KeyField(Source, help_text="Key of a source.")}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kpi: Kpi = self.context["kpi"]
        given = {name: value for name, value in attrs.items() if value is not None}
        self._refuse(set(self.initial_data) - set(self.fields), "There is no such parameter.")
        self._refuse(set(given) - self._allowed(kpi), "This figure does not know this parameter.")
        if "breakdown" in given and given["breakdown"] not in kpi.dimensions:
            raise serializers.ValidationError({"breakdown": ["This figure cannot be broken down by it."]})
        given["period"] = self._period(given)
        if "granularity" in given:
            self._check_buckets(given)
        return given

    def asked(self, *, now: datetime) -> Question:
        given = dict(self.validated_data)
        shape = {"period", "brand", "granularity", "compare", "breakdown", "from", "to", "as_of"}
        parameters = {name: value for name, value in given.items() if name not in shape}
        return Question(self.context["kpi"], self._brand(given), given["period"], now, parameters)

    @staticmethod
    def _allowed(kpi: Kpi) -> set[str]:
        allowed = {"from", "to", "brand", *kpi.dimensions, *kpi.options}
        if kpi.dimensions and not kpi.is_cohort_table:
            allowed |= {"breakdown"}
        if not kpi.is_cohort_table:
            allowed |= {"granularity", "compare"}
        if "channel" in kpi.dimensions:
            allowed |= {"currency"}
        return allowed

    @staticmethod
    def _refuse(names: set[str], reason: str) -> None:
        if names:
            raise serializers.ValidationError({name: [reason] for name in sorted(names)})

    def _brand(self, given: dict[str, Any]) -> Brand:
        brand: Brand | None = given.get("brand") or Brand.objects.filter(is_default=True).first()
        if brand is None:
            raise serializers.ValidationError({"brand": ["There is no default brand; name one."]})
        return brand

    def _period(self, given: dict[str, Any]) -> Period:
        if "as_of" in given and "to" in given:
            raise serializers.ValidationError({"as_of": ["Give either as_of or to: as_of is the day before to."]})
        today = self.context["now"].astimezone(self._brand(given).zone).date()
        begin = given.get("from", EARLIEST)
        last: date | None = given.get("as_of")
        end = given.get("to") or (last or today) + timedelta(days=1)
        for name, day in (("from", begin), ("as_of" if last else "to", end)):
            if not EARLIEST <= day <= LATEST:
                raise serializers.ValidationError({name: ["Days from 1970 to 2199 can be asked for."]})
        if begin >= end:
            raise serializers.ValidationError({"to": ["The period ends before it begins."]})
        return Period(begin, end)

    @staticmethod
    def _check_buckets(given: dict[str, Any]) -> None:
        if "from" not in given:
            raise serializers.ValidationError({"granularity": ["A series needs from."]})
        shortest = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}[given["granularity"]]
        if (given["period"].end - given["period"].begin).days / shortest > MOST_BUCKETS:
            detail = f"The period has more than {MOST_BUCKETS} parts; choose a longer granularity."
            raise serializers.ValidationError({"granularity": [detail]})
