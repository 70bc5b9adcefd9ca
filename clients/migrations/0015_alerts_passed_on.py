"""What was done about an alert, and that nobody had seen it in time."""

from django.db import migrations, models

import practices.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0014_plans_of_clients"),
    ]

    operations = [
        migrations.AddField(
            model_name="safetyalert",
            name="note",
            field=practices.vault.fields.SealedTextField(null=True, purpose="notes"),
        ),
        migrations.AddField(
            model_name="safetyalert",
            name="passed_on_at",
            field=models.DateTimeField(null=True),
        ),
    ]
