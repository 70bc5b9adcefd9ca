"""Articles, pictures and exercises, in each clinic's schema."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"

    def ready(self) -> None:
        from content.carried import ARTICLES
        from practices.carrying.parts import declare_part

        declare_part(ARTICLES)
