"""Accounts, in each clinic's schema."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "practices.accounts"
    label = "accounts"

    def ready(self) -> None:
        from practices.accounts.sealed_seeds import SEEDS
        from practices.vault.places import declare

        declare(*SEEDS)
