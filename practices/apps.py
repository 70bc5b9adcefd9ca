"""The registry of clinics, in the public schema."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "practices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A key service that can't be made must not be found out about by the first page."""
        from practices.vault.master import master_key

        master_key()
