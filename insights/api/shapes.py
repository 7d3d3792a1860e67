"""The shape of answers, for the OpenAPI document; insights.api.answers writes them."""

from typing import Any

from rest_framework import serializers

Shape = serializers.Serializer[Any]


class Texts(Shape):
    de = serializers.CharField()
    en = serializers.CharField()


class Interval(Shape):
    low = serializers.FloatField()
    high = serializers.FloatField()
    confidence = serializers.FloatField()


class Counted(Shape):
    value = serializers.FloatField(allow_null=True, help_text="Empty where there is nothing to divide by.")
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    is_too_few = serializers.BooleanField(help_text="Estimated from too few cases: better not shown.")
    interval = Interval(allow_null=True)


class KpiPeriod(Shape):
    to = serializers.DateField()
    time_zone = serializers.CharField(required=False)

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField()} | super().get_fields()


class Bucket(Counted):
    to = serializers.DateField()
    is_complete = serializers.BooleanField(help_text="Whether the time of this part is over.")

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField()} | super().get_fields()


class Group(Counted):
    group = serializers.CharField(allow_null=True, help_text="Empty is a value of its own.")


class Comparison(Counted):
    period = KpiPeriod()
    change = serializers.FloatField(allow_null=True)
    is_noise = serializers.BooleanField(allow_null=True, help_text="Whether the change can be chance (95 %).")


class Cell(Shape):
    month = serializers.IntegerField()
    retained = serializers.IntegerField()
    percent = serializers.FloatField()
    is_finished = serializers.BooleanField()


class Cohort(Shape):
    cohort = serializers.CharField(help_text="The month, for example 2026-01.")
    size = serializers.IntegerField()
    cells = Cell(many=True)


class KpiDescription(Shape):
    key = serializers.CharField()
    name = Texts()
    definition = Texts()
    version = serializers.IntegerField()
    unit = serializers.ChoiceField(["count", "money", "percent", "score", "number", "days"])
    better = serializers.ChoiceField(["up", "down", "neither"])
    dimensions = serializers.ListField(child=serializers.CharField())
    options = serializers.ListField(child=serializers.CharField())
    few_below = serializers.IntegerField()


class KpiDescriptions(Shape):
    results = KpiDescription(many=True)


class KpiAnswered(KpiDescription, Counted):
    as_of = serializers.DateTimeField(help_text="When it was computed.")
    period = KpiPeriod()
    parameters = serializers.DictField()
    currency = serializers.CharField(required=False)
    other_currencies = serializers.ListField(child=serializers.CharField(), required=False)
    series = Bucket(many=True, required=False)
    groups = Group(many=True, required=False)
    comparison = Comparison(allow_null=True, required=False)
    cohorts = Cohort(many=True, required=False)
    weighted_average = serializers.ListField(child=serializers.FloatField(allow_null=True), required=False)
    simple_average = serializers.ListField(child=serializers.FloatField(allow_null=True), required=False)
