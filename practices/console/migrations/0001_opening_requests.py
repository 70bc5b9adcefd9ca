"""Clinics that somebody asked for wait here to be opened."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import practices.identifiers
import practices.vault.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "waits for its confirmation"),
                            ("asked", "waits to be opened"),
                            ("opening", "being opened"),
                            ("open", "open"),
                            ("failed", "could not be opened"),
                        ],
                        max_length=11,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("label", models.CharField(max_length=40)),
                ("timezone", models.CharField(max_length=64)),
                ("country", models.CharField(max_length=2)),
                ("address", practices.vault.fields.SealedTextField(purpose="contact")),
                ("made_at", models.DateTimeField()),
                ("token_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("clinic", models.UUIDField(null=True, unique=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unconfirmed", "asked", "opening", "open", "failed"])),
                        name="request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("clinic", None),
                                ("expires_at__isnull", False),
                                ("state", "unconfirmed"),
                                ("token_hash__isnull", False),
                            ),
                            models.Q(models.Q(("state", "unconfirmed"), _negated=True), ("clinic__isnull", False)),
                            _connector="OR",
                        ),
                        name="request_confirmed_has_its_name",
                    ),
                ],
            },
        ),
    ]
