from functools import partial

from django.conf import settings
from django.http import HttpRequest

from workspace.navigation import links


def site(request: HttpRequest) -> dict[str, object]:
    # Called only by the pages that show the navigation.
    return {"is_demo": settings.IS_DEMO, "languages": settings.LANGUAGES, "navigation": partial(links, request)}
