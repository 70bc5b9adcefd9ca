"""A clinic that leaves is closing for a time, may be held, and is then erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0005_snapshot_and_spare_schemas"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="closing_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="clinic",
            name="legal_hold",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="clinic",
            name="status",
            field=models.CharField(
                choices=[
                    ("provisioning", "being opened"),
                    ("open", "Open"),
                    ("suspended", "Suspended"),
                    ("closing", "Closing"),
                    ("erasing", "being erased"),
                ],
                default="provisioning",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "closing"), _negated=True), ("closing_since__isnull", False), _connector="OR"
                ),
                name="clinic_closing_since_known",
            ),
        ),
    ]
