"""Who looks after what the clinic publishes."""

from practices.accounts.models import User
from practices.accounts.permissions import Role


def editors() -> list[User]:
    """Whose day's work it is: the editors, or the owners where there are none."""
    return list(User.objects.with_role(Role.EDITOR)) or list(User.objects.with_role(Role.OWNER))
