"""The clinician's desk and the owner's overview, in the admin."""

from clients.admin.client_admin import ClientAdmin
from clients.admin.staff_admin import CarryingStaffAdmin

__all__ = ["CarryingStaffAdmin", "ClientAdmin"]
