"""Accounts, in each clinic's schema."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "practices.accounts"
    label = "accounts"
