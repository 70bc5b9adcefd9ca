"""What a clinic's address may be: a name before the installation's own domain, or a host name of somebody else's."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

from practices.models import RESERVED_BEGINNINGS, RESERVED_NAMES

# 3 to 40 of a to z, 0 to 9 and single hyphens: what may stand in a host name, and with _ for - in a schema's name.
LABEL = re.compile(r"(?!.*--)[a-z][a-z0-9-]{1,38}[a-z0-9]\Z")
HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
NOT_A_LABEL = "Use 3 to 40 small letters, digits and single hyphens, starting with a letter, such as quay-house."
NOT_A_HOST = "Write a host name, such as portal.example.org."


def validate_label(label: str) -> None:
    """Refuse what can't be a host name, or is kept for ourselves."""
    if not LABEL.match(label):
        raise ValidationError(NOT_A_LABEL)
    schema_name = schema_name_of(label)
    if schema_name in RESERVED_NAMES or schema_name.startswith(RESERVED_BEGINNINGS):
        raise ValidationError(f"“{label}” is kept for the platform itself; choose another name.")


def schema_name_of(label: str) -> str:
    """Of two labels never the same: a label has no _."""
    return label.replace("-", "_")


def host_of(label: str) -> str:
    return f"{label}.{settings.CLINICS_DOMAIN}"


def plain_host(host: str) -> str:
    """As browsers send it: small letters, other scripts in their ASCII form. Raises ValidationError."""
    try:
        plain = host.strip().removesuffix(".").lower().encode("idna").decode()
    except UnicodeError:
        raise ValidationError(NOT_A_HOST) from None
    if not HOST.match(plain):
        raise ValidationError(NOT_A_HOST)
    return plain
