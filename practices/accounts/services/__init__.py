"""What happens to accounts, one room each; those of accounts themselves are found here."""

from practices.accounts.services.accounts import (
    AddressTakenError,
    LastOwnerError,
    deactivate_staff,
    end_sessions,
    keep_an_owner,
    make_user,
    reactivate_staff,
)
from practices.accounts.services.changing import change_staff

__all__ = [
    "AddressTakenError",
    "LastOwnerError",
    "change_staff",
    "deactivate_staff",
    "end_sessions",
    "keep_an_owner",
    "make_user",
    "reactivate_staff",
]
