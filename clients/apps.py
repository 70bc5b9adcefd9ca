"""Clients, their work and what came of it, in each clinic's schema."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "clients"
