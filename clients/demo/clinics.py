"""The two demo clinics and their settings; every number is from a range kept free for fiction."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DemoClinic:
    schema_name: str
    name: str
    settings: dict[str, Any]

    @property
    def host(self) -> str:
        return f"{self.schema_name}.localhost"

    def email(self, name: str) -> str:
        """An address that leads nowhere (RFC 2606)."""
        return f"{name.lower().replace(' ', '.')}@{self.schema_name}.example"


CLINICS = (
    DemoClinic(
        "willow",
        "Willow",
        {
            "timezone": "Europe/London",
            "locale": "en-gb",
            "country": "GB",
            "accent": "#2f5d46",
            "address_line": "4 Mill Lane",
            "phone": "01632 960 311",
            "response_time": "within two working days",
            "crisis_contacts": [
                {"label": "You or someone else is in danger", "number": "999"},
                {"label": "Crisis line, day and night", "number": "01632 960 142"},
            ],
        },
    ),
    DemoClinic(
        "harbour",
        "Harbour",
        {
            "timezone": "America/New_York",
            "locale": "en-us",
            "country": "US",
            "accent": "#2b5876",
            "address_line": "12 Wharf Street",
            "phone": "202-555-0110",
            "response_time": "within one working day",
            "crisis_contacts": [
                {"label": "You or someone else is in danger", "number": "911"},
                {"label": "Crisis line, day and night", "number": "988"},
            ],
        },
    ),
)
PASSWORD = "a quiet river runs by"
OPERATOR = "operator@platform.example"
