"""A clinic may want an editor to read articles before they are published."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0006_closing_and_erasing_clinics"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="editors_look_first",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
