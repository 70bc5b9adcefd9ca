"""Clients, their work and what came of it, in each clinic's schema."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "clients"

    def ready(self) -> None:
        from clients.carried.bundles import BUNDLES
        from clients.carried.pages import PAGES
        from practices.carrying.parts import declare_part

        declare_part(PAGES)
        declare_part(BUNDLES)
