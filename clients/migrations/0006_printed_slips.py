"""Printed slips. A table of its own: a client may have had several, and each is used, taken back or over."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import practices.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0005_consent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Slip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code_hash", models.BinaryField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slips", to="clients.client"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None), ("used_at", None)),
                        fields=("client",),
                        name="slip_one_a_client",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_at", None), ("revoked_at", None), _connector="OR"),
                        name="slip_used_or_revoked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="slip_expires_later"
                    ),
                ],
            },
        ),
    ]
