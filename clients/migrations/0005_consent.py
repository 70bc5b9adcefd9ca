"""What clients agree to, and how they are told. A table of its own: each decision is kept, with the text it was about."""

import django.db.models.deletion
from django.db import migrations, models

import practices.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_break_glass"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="channel",
            field=models.CharField(
                choices=[("mail", "By mail, at most one a day"), ("none", "Not at all. I look in by myself")],
                default="mail",
                max_length=4,
            ),
        ),
        migrations.AddField(
            model_name="client",
            name="consent",
            field=models.CharField(
                choices=[
                    ("unasked", "not asked yet"),
                    ("given", "Given"),
                    ("refused", "said no"),
                    ("withdrawn", "taken back"),
                ],
                default="unasked",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="client",
            name="consent_version",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="client",
            name="language",
            field=models.CharField(choices=[("en", "English")], default="en", max_length=8),
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("text_hash", models.CharField(max_length=64)),
                ("given", models.BooleanField()),
                ("decided_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="clients.client"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("given", True), ("withdrawn_at", None)),
                        fields=("client",),
                        name="consent_one_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            models.Q(("given", True), ("withdrawn_at__gte", models.F("decided_at"))),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_after_given",
                    ),
                ],
            },
        ),
    ]
