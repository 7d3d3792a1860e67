"""What ingest is measured against: the same server, middleware and table, one INSERT per batch and nothing else."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from config.wsgi import application

__all__ = ["application"]
INSERT = (Path(__file__).parent / "bare_insert.sql").read_text()

settings.ROOT_URLCONF = "benchmarks.bare"


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [request.body.decode()])
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [path("bare", bare), path("", include("config.urls"))]
