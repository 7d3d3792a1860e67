from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from insights.api.answers import answered, described
from insights.api.serializers import KpiQuery
from insights.api.shapes import KpiAnswered, KpiDescriptions
from insights.kpis import KPIS

FROM = OpenApiParameter("from", OpenApiTypes.DATE, description="First day, in the brand's time zone.")


class KpiList(APIView):
    scope = "kpis:read"
    permission = "insights.view_kpi"

    @extend_schema(
        operation_id="kpis_list",
        tags=["kpis"],
        summary="Every figure with its definition",
        responses=KpiDescriptions,
    )
    def get(self, request: Request) -> Response:
        return Response({"results": [described(kpi) for kpi in KPIS.values()]})


class KpiAnswer(APIView):
    scope = "kpis:read"
    permission = "insights.view_kpi"

    @extend_schema(
        tags=["kpis"],
        summary="One figure: value, numerator, denominator, n, interval, series, groups",
        parameters=[OpenApiParameter("key", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(KPIS)), FROM, KpiQuery],
        responses=KpiAnswered,
    )
    def get(self, request: Request, key: str) -> Response:
        if key not in KPIS:
            raise Http404
        now = timezone.now()
        query = KpiQuery(data=request.query_params.dict(), context={"kpi": KPIS[key], "now": now})
        query.is_valid(raise_exception=True)
        asked: dict[str, Any] = query.validated_data
        return Response(
            answered(
                query.asked(now=now),
                granularity=asked.get("granularity"),
                is_compared="compare" in asked,
                breakdown=asked.get("breakdown"),
            )
        )
