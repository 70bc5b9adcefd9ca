"""What each clinic holds is counted by night, and a new host name is checked before it is used."""

import django.db.models.deletion
from django.db import migrations, models

# Clinics that are of this release already are woken by nothing else.
WAKE_ALL = """
INSERT INTO clinic_wakeup (clinic_id, kind, due_at, since)
SELECT id, 'clients.tasks.count_usage', now(), now() FROM practices_clinic WHERE type = 'clinic'
ON CONFLICT (clinic_id, kind) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0012_where_a_clinic_came_from"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClinicUsage",
            fields=[
                (
                    "clinic",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="usage",
                        serialize=False,
                        to="practices.clinic",
                    ),
                ),
                ("clients", models.PositiveIntegerField(null=True)),
                ("storage_bytes", models.BigIntegerField(null=True)),
                ("mails", models.PositiveIntegerField(null=True)),
                ("mails_failed", models.PositiveIntegerField(null=True)),
                ("active_at", models.DateTimeField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "clinic_usage",
            },
        ),
        migrations.AddField(
            model_name="domain",
            name="token",
            field=models.CharField(blank=True, db_default="", default="", max_length=43),
        ),
        migrations.AddConstraint(
            model_name="domain",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_primary", False), ("token", ""), _connector="OR"),
                name="domain_primary_was_checked",
            ),
        ),
        migrations.RunSQL(WAKE_ALL, migrations.RunSQL.noop),
    ]
