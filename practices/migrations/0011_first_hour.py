"""The owner of a new clinic has a list to begin with, and may put it away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0010_quiet_hours"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="first_hour_over",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
