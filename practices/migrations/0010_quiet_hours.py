"""Nobody is written to at night."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0009_look_of_a_clinic"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="quiet_from",
            field=models.PositiveSmallIntegerField(db_default=21, default=21),
        ),
        migrations.AddField(
            model_name="clinic",
            name="quiet_until",
            field=models.PositiveSmallIntegerField(db_default=8, default=8),
        ),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(("quiet_from__lte", 24), ("quiet_until__lt", models.F("quiet_from"))),
                name="clinic_quiet_at_night",
            ),
        ),
    ]
