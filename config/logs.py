"""Every log line, ours or a library's, takes the same way: one handler, one formatter.

None holds a token of a public link, what somebody searched for, or an e-mail address.
"""

import os
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from customers.links import hide_tokens

_first: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


_parameter = re.compile(r"(?<=[?&])([\w.\-]+)=[^&\s#]+")
_address = re.compile(r"[^\s@<>()'\"=:;,]+@[^\s@<>()'\";,]+\.\w+")


def without_personal_data(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {key: _hidden(value) if isinstance(value, str) else value for key, value in event.items()}


def _hidden(text: str) -> str:
    text = _parameter.sub(r"\1=…", hide_tokens(text))
    return _address.sub("…@…", text)


def log_settings(*, is_readable: bool) -> dict[str, Any]:
    """Django's LOGGING; structlog hands its lines to the same handler."""
    structlog.configure(
        processors=[*_first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    console = structlog.dev.ConsoleRenderer(
        colors="NO_COLOR" not in os.environ, exception_formatter=structlog.dev.plain_traceback
    )
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    last += [] if is_readable else [structlog.processors.format_exc_info]
    last += [without_personal_data, console if is_readable else structlog.processors.JSONRenderer()]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": last,
                "foreign_pre_chain": _first,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
        "loggers": {
            "mail.log": {"level": "WARNING"},  # aiosmtpd tells of every connection
            # Django gives these two handlers of their own, which would print the line as it is.
            "django": {"handlers": [], "level": "INFO"},
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }
