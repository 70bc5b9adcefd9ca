"""What clients agreed to, or did not."""

from django.db import models
from django.db.models import Q

from clients.models.people import Client
from practices.accounts.models import User
from practices.models import ClinicModel


class ConsentQuerySet(models.QuerySet["Consent"]):
    def given_to(self, user: User) -> "ConsentQuerySet":
        """The client's own decisions, newest first."""
        return self.filter(client__user=user).order_by("-decided_at", "-pk")

    def standing(self) -> "ConsentQuerySet":
        """Given, and not withdrawn."""
        return self.filter(given=True, withdrawn_at=None)


class Consent(ClinicModel):
    """One decision of a client about one version of what they are asked; a refusal is one too."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    version = models.PositiveSmallIntegerField()
    text_hash = models.CharField(max_length=64)
    given = models.BooleanField()
    decided_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(given=True, withdrawn_at=None), name="consent_one_stands"
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_at=None) | Q(given=True, withdrawn_at__gte=models.F("decided_at")),
            ),
        ]
