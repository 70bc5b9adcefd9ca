"""How long an alert waits before others are told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0014_head_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="alert_minutes",
            field=models.PositiveSmallIntegerField(db_default=60, default=60),
        ),
    ]
