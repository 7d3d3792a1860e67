from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models.api_key import Scope
from touchpoints.broker import broker_answers
from touchpoints.horizon import waiting_for
from touchpoints.lag import Lag, follower_lags
from touchpoints.outbox import mail_backlog

# Followers run every second; who is a minute behind has a reason that somebody should look at.
LATE_SECONDS = 60


@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """503 only without the database: trouble with anything else is no reason to take requests elsewhere."""
    try:
        lags = follower_lags(now=timezone.now())
        waiting = len(waiting_for())
        backlog = mail_backlog(now=timezone.now())
    except (OperationalError, InterfaceError):
        return JsonResponse({"status": "down", "database": "down"}, status=503)
    broker = broker_answers()
    is_sending = not backlog.is_server_failing and backlog.seconds <= LATE_SECONDS
    is_well = broker and is_sending and not any(_is_in_trouble(lag) for lag in lags)
    feed = {"waiting_transactions": waiting, "followers": [_told(lag) for lag in lags]}
    return JsonResponse(
        {
            "status": "ok" if is_well else "degraded",
            "database": "ok",
            "broker": "ok" if broker else "down",
            "feed": feed,
            "mail": {
                "waiting": backlog.mails,
                "seconds_behind": round(backlog.seconds, 1),
                "server": "failing" if backlog.is_server_failing else "ok",
            },
        }
    )


@extend_schema(exclude=True)
class MetricsView(APIView):
    """For Prometheus, with an API key as bearer token."""

    scope = Scope.METRICS_READ
    permission = "touchpoints.view_followerposition"

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _is_in_trouble(lag: Lag) -> bool:
    return lag.has_failed or lag.parked > 0 or (lag.seconds > LATE_SECONDS and not lag.is_paused)


def _told(lag: Lag) -> dict[str, Any]:
    return {
        "name": lag.follower,
        "touchpoints_behind": lag.touchpoints,
        "seconds_behind": round(lag.seconds, 1),
        "is_paused": lag.is_paused,
        "has_failed": lag.has_failed,
        "parked_rows": lag.parked,
    }
