#!/usr/bin/env python3
"""Django's command line."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever runs this file with an older one gets a sentence)
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: use `make demo`.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Commands migrate and open clinics; gunicorn and celery, which don't come this way, can't change a table.
    os.environ["DATABASE_ROLE"] = "owner"
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit("Django is not installed for this Python: use `make demo`, or .venv/bin/python manage.py.")

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
