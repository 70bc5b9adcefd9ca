"""Articles, pictures and exercises, in each clinic's schema."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"
