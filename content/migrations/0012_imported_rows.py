"""What was taken in from another site is known again. A table of its own, since it must outlive what was erased here."""

from django.db import migrations, models

import practices.identifiers


class Migration(migrations.Migration):
    dependencies = [("content", "0011_steps_to_publishing")]
    operations = [
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("row", models.UUIDField()),
                ("digest", models.BinaryField(max_length=32, null=True)),
                ("imported_at", models.DateTimeField()),
            ],
            options={"abstract": False},
        ),
    ]
