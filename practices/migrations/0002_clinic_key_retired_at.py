"""When a key was retired, and that it is spent: without either, nobody could tell when it may be destroyed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinickey",
            name="retired_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="clinickey",
            name="state",
            field=models.CharField(
                choices=[("active", "Active"), ("retired", "Retired"), ("spent", "Spent")],
                default="active",
                max_length=8,
            ),
        ),
    ]
