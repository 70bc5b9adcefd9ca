"""The audit trail, in each clinic's schema."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "practices.audit"
    label = "audit"
