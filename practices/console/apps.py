"""The console, in the platform's schema alone."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "practices.console"
    label = "console"
