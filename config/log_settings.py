"""Where log lines go and what they look like: to standard error, as a line of text or as one JSON object a line."""

from typing import Any


def log_settings(format: str) -> dict[str, Any]:
    """For `LOGGING`, and for gunicorn's own lines; `format` is text or json."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {
                "()": "practices.logs.ReticentFormatter",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            },
            "json": {"()": "practices.logs.JSONFormatter"},
        },
        "filters": {"reticent": {"()": "practices.logs.ReticentFilter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": format, "filters": ["reticent"]}},
        "root": {"handlers": ["console"], "level": "INFO"},
        # Django's own handlers would mail tracebacks with local variables.
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            # One line for each request, without its path: for programs that read it. Django's own hold the path.
            "practices.requests": {"level": "INFO" if format == "json" else "WARNING"},
            "django.request": {"level": "ERROR" if format == "json" else "WARNING"},
            # One line for each task that is received and one for each that is done, every five seconds.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
