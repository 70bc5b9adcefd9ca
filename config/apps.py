"""The roof as apps: its commands, and the admin with our own site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import register


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.checks import two_roles

        register(two_roles, "database_roles", deploy=True)


class ClinicAdminConfig(AdminConfig):
    default_site = "config.admin_site.ClinicAdminSite"
