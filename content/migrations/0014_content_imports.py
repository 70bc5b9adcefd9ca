"""An export that was brought at the desk, and how far it is: workers may die, so what is to be done stands in a row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import practices.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0013_former_paths"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("looking", "Looking"),
                            ("looked", "Looked"),
                            ("importing", "Importing"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                        ],
                        default="looking",
                        max_length=9,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("found", models.JSONField(default=dict)),
                ("done", models.JSONField(default=dict)),
                ("problem", models.CharField(blank=True, default="", max_length=300)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("busy_until", models.DateTimeField(null=True)),
                ("has_files", models.BooleanField(default=True)),
                ("is_open", models.BooleanField(default=True, null=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("is_open",), name="content_import_one_at_a_time"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None), ("is_open", True), ("state__in", ["looking", "looked", "importing"])
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("is_open", None),
                                ("state__in", ["done", "failed", "stopped"]),
                            ),
                            _connector="OR",
                        ),
                        name="content_import_open_until_its_end",
                    ),
                ],
            },
        ),
    ]
