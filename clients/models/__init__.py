"""Clients, assignments, responses and reviews."""

from clients.models.consent import Consent
from clients.models.people import BreakGlass, CareRelation, Client
from clients.models.responses import Response, Review, SafetyAlert, Score
from clients.models.slips import Slip
from clients.models.work import Assignment, Occurrence

__all__ = [
    "Assignment",
    "BreakGlass",
    "CareRelation",
    "Client",
    "Consent",
    "Occurrence",
    "Response",
    "Review",
    "SafetyAlert",
    "Score",
    "Slip",
]
