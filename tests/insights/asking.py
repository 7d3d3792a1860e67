"""Asks for KPIs as an integration does, over HTTP with a key."""

from typing import Any

from django.test import Client

from accounts.actions import issue_api_key
from accounts.models import Scope


class Asking:
    def __init__(self, *scopes: Scope) -> None:
        _api_key, key = issue_api_key(name="Report", scopes=scopes or [Scope.KPIS_READ])
        self.client = Client(headers={"authorization": f"Bearer {key}"})

    def __call__(self, kpi: str = "", *, status: int = 200, **parameters: Any) -> Any:
        # `from` is a word of Python.
        parameters = {name.rstrip("_"): value for name, value in parameters.items()}
        response = self.client.get(f"/api/v1/kpis/{kpi}/" if kpi else "/api/v1/kpis/", parameters)
        assert response.status_code == status, response.content
        if status != 200:
            assert response.headers["Content-Type"] == "application/problem+json"
        return response.json()
