"""Akismet's client, for the worker alone: a web process need not import an HTTP client."""

from typing import cast

import akismet
import httpx

from content.models import CommentSettings
from content.services.outside import SpamService
from practices.models import Clinic
from practices.tenancy import clinic_origin

# Seconds for one question; a batch of them stays within the worker's own limit.
TIMEOUT = 4.0


def service_for(clinic: Clinic, transport: httpx.BaseTransport | None = None) -> SpamService | None:
    """The service with the clinic's key, or nothing without one. No redirect is followed and no proxy of ours is told."""
    key = CommentSettings.here().akismet_key
    if not key:
        return None
    web = httpx.Client(
        headers={"User-Agent": akismet.USER_AGENT}, timeout=TIMEOUT, follow_redirects=False, transport=transport
    )
    config = akismet.Config(key=key, url=clinic_origin(clinic))
    return cast(SpamService, akismet.SyncClient(config=config, http_client=web))
