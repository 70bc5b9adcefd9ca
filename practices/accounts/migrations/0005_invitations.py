"""A table of its own: an invitation is open, sent again and taken back before there is any account it could belong to."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import practices.identifiers
import practices.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_supervision"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="photo",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("address", practices.vault.fields.SealedTextField(purpose="contact")),
                ("address_index", models.BinaryField(max_length=32)),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None),
                ),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None), ("used_at", None)),
                        fields=("address_index",),
                        name="invitation_one_open_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("roles__contained_by", ["owner", "clinician", "supervisor", "editor", "front desk"]),
                            ("roles__len__gt", 0),
                        ),
                        name="invitation_roles_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account", None), ("used_at", None)),
                            models.Q(("account__isnull", False), ("used_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_used_made_an_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_at", None), ("revoked_at", None), _connector="OR"),
                        name="invitation_used_or_revoked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                        name="invitation_expires_after_sending",
                    ),
                ],
            },
        ),
    ]
