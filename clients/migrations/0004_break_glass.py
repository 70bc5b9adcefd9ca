"""Openings of a colleague's client, with a reason: a table of its own, since the hour must be a row that the scopes can join."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import practices.identifiers
import practices.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_occurrence_closes_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", practices.vault.fields.SealedTextField(purpose="notes")),
                ("starts_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openings_by_others",
                        to="clients.client",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-starts_at"], name="break_glass_starts")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__gt", models.F("starts_at")),
                            (
                                "until__lte",
                                models.ExpressionWrapper(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("starts_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                                    ),
                                    output_field=models.DateTimeField(),
                                ),
                            ),
                        ),
                        name="break_glass_an_hour_at_most",
                    )
                ],
            },
        ),
    ]
