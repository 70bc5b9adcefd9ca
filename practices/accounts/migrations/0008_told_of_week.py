"""Clinicians get one mail a week."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_leaving"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="told_of_week",
            field=models.DateField(editable=False, null=True),
        ),
    ]
