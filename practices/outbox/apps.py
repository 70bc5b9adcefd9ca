"""The outbox, in each clinic's schema."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "practices.outbox"
    label = "outbox"
