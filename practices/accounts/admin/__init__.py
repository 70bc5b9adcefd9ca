"""Staff, as the owner looks after them: who works here, who is invited, what they may do, whose account is open."""

from practices.accounts.admin.staff_admin import StaffAdmin

__all__ = ["StaffAdmin"]
