"""The Celery application: workers and the beat."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("practices")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
