"""The list that a new clinic's owner works through in the first hour."""

from django.db import transaction

from practices.models import Clinic
from practices.tenancy import current_clinic, hosts


@transaction.atomic
def put_away() -> None:
    """The owner needs the list no more, whether or not all of it is done."""
    Clinic.objects.filter(pk=current_clinic().pk).update(first_hour_over=True)
    transaction.on_commit(hosts.clear)
