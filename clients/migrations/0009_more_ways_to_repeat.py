"""Work can be given every day and on days of one's choice; days that follow no rule take more room than one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0008_care_taken_over"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="repeat",
            field=models.CharField(
                choices=[
                    ("once", "once"),
                    ("daily", "every day"),
                    ("weekly", "every week"),
                    ("dates", "on certain days"),
                ],
                default="once",
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="rule",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
