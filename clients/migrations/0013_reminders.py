"""Clients say when they may be written to; work is reminded of before and after it is due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0012_smaller_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="mail_hour",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="client",
            name="no_mail_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="occurrence",
            name="late_for",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="occurrence",
            name="soon_for",
            field=models.DateTimeField(null=True),
        ),
    ]
