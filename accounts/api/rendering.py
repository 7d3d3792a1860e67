import json
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer as DRFJSONRenderer


class JSONRenderer(DRFJSONRenderer):
    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, default=str)
        except TypeError:  # integers over 64 bits: jsonb writes 1e30 as one
            return json.dumps(data, default=str, ensure_ascii=False).encode()
