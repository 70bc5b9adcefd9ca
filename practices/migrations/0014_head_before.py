"""Which release a clinic's schema was of before, so that the processes of that one go on with it until they are replaced."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0013_usage_and_hosts_to_check"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinicmigration",
            name="before",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
