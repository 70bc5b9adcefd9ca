"""The clinician's desk and the owner's overview, in the admin."""

from clients.admin.client_admin import ClientAdmin

__all__ = ["ClientAdmin"]
