"""A client is asked once when and where they mean to do some work; and may say in their own words why not now."""

from django.db import migrations, models

import practices.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0013_reminders"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="plan",
            field=practices.vault.fields.SealedJSONField(null=True, purpose="answers"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="planned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="occurrence",
            name="not_now_words",
            field=practices.vault.fields.SealedTextField(null=True, purpose="answers"),
        ),
    ]
