"""The client's own browser, and the address of the work they were given."""

import pytest
from django.urls import reverse

from clients.models import Client, Occurrence
from tests.harness.browsers import Browser, Browsers


@pytest.fixture
def browser(browser_of: Browsers, client_person: Client) -> Browser:
    return browser_of(client_person.user)


@pytest.fixture
def url(occurrence: Occurrence) -> str:
    return reverse("portal:work", kwargs={"pk": occurrence.pk})
