"""The roof as apps: its commands, and the admin with our own site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"


class ClinicAdminConfig(AdminConfig):
    default_site = "config.admin_site.ClinicAdminSite"
